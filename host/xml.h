/* XML written to a stream as it comes; host/xml.c is the only file that includes libxml2. A failure
 * of any call is kept and told once, by ls_xml_close. */
#ifndef LS_XML_H
#define LS_XML_H

#include <stdio.h>

#include "../kernels/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_xml ls_xml;

/* Begins a document in UTF-8; the stream stays open. NULL when there is no memory. */
ls_xml *ls_xml_open(FILE *stream);

/* Ends the document, flushes and frees. LS_ERR_IO when anything could not be written. */
ls_status ls_xml_close(ls_xml *xml);

/* An element; its attributes come before its text and its own elements. */
void ls_xml_start(ls_xml *xml, const char *name);
void ls_xml_end(ls_xml *xml);
void ls_xml_attribute(ls_xml *xml, const char *name, const char *value);
void ls_xml_text(ls_xml *xml, const char *text);
void ls_xml_break(ls_xml *xml); /* a new line */

#ifdef __cplusplus
}
#endif
#endif
