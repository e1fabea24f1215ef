/* Amounts as people read them: three to four significant digits and a unit that fits. */
#ifndef LS_UNITS_H
#define LS_UNITS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_AMOUNT_MAX = 32 }; /* bytes of every text below; each returns it */

const char *ls_money_text(int64_t cents, char text[LS_AMOUNT_MAX]);         /* "$14.34 M" */
const char *ls_power_text(int64_t mw, char text[LS_AMOUNT_MAX]);            /* "202.4 kW" */
const char *ls_rate_text(int64_t bps, char text[LS_AMOUNT_MAX]);            /* "113.9 Gb/s" */
const char *ls_latency_text(int64_t ps, char text[LS_AMOUNT_MAX]);          /* "2583 ns" */
const char *ls_hours_text(int64_t milli_hours, char text[LS_AMOUNT_MAX]);   /* "12.30 kh" */
const char *ls_micro_usd_text(int64_t micro_usd, char text[LS_AMOUNT_MAX]); /* "$2.345678" */
const char *ls_count_text(uint64_t count, char text[LS_AMOUNT_MAX]);        /* "2,935,572" */

#ifdef __cplusplus
}
#endif
#endif
