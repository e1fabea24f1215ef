/* The status every fallible function returns. Results leave by the last out-parameter;
 * on error the out-parameters are unchanged. */
#ifndef LS_STATUS_H
#define LS_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ls_status {
  LS_OK = 0,
  LS_ERR_NO,       /* the question has been answered: infeasible, mismatch, beyond capacity */
  LS_ERR_INPUT,    /* the user's mistake, also a missing or unreadable input */
  LS_ERR_IO,       /* a write failed */
  LS_ERR_MEMORY,   /* an allocation failed */
  LS_ERR_DEVICE,   /* a GPU is absent, busy, out of memory or failed */
  LS_ERR_FULL,     /* a caller-sized container has no room; it is unchanged */
  LS_ERR_STOPPED,  /* a search was told to end; of the program as a whole: by a signal */
  LS_ERR_TIME,     /* the time limit ended a search before anything was found */
  LS_ERR_INTERNAL, /* a result contradicts itself: our bug, said instead of hidden */
} ls_status;

#ifdef __cplusplus
}
#endif
#endif
