/* libxml2's streaming writer behind a few calls; the only file that includes libxml2. */
#include "xml.h"

#include <libxml/xmlwriter.h>
#include <stdbool.h>
#include <stdlib.h>

struct ls_xml {
  FILE *stream;
  xmlTextWriterPtr writer;
  bool has_failed; /* any call did; it is asked once, at the end */
};

static void check(ls_xml *xml, int result)
{
  if (result < 0) xml->has_failed = true;
}

/* libxml2 tells of a failed write on the standard error itself, so it never hears of one: the
 * stream remembers, and is asked at the end. */
static int stream_write(void *stream, const char *bytes, int count)
{
  (void)fwrite(bytes, 1, (size_t)count, stream);
  return count;
}

ls_xml *ls_xml_open(FILE *stream)
{
  ls_xml *xml = calloc(1, sizeof *xml);
  xmlOutputBufferPtr buffer =
      xml ? xmlOutputBufferCreateIO(stream_write, NULL, stream, NULL) : NULL;
  if (buffer) xml->writer = xmlNewTextWriter(buffer);
  if (buffer && !xml->writer) xmlOutputBufferClose(buffer);
  if (!buffer || !xml->writer) {
    free(xml);
    return NULL;
  }
  xml->stream = stream;
  check(xml, xmlTextWriterStartDocument(xml->writer, "1.0", "UTF-8", NULL));
  return xml;
}

ls_status ls_xml_close(ls_xml *xml)
{
  check(xml, xmlTextWriterEndDocument(xml->writer));
  check(xml, xmlTextWriterFlush(xml->writer));
  xmlFreeTextWriter(xml->writer);
  const bool has_failed = xml->has_failed || fflush(xml->stream) != 0 || ferror(xml->stream);
  free(xml);
  return has_failed ? LS_ERR_IO : LS_OK;
}

void ls_xml_start(ls_xml *xml, const char *name)
{
  check(xml, xmlTextWriterStartElement(xml->writer, BAD_CAST name));
}

void ls_xml_end(ls_xml *xml) { check(xml, xmlTextWriterEndElement(xml->writer)); }

void ls_xml_attribute(ls_xml *xml, const char *name, const char *value)
{
  check(xml, xmlTextWriterWriteAttribute(xml->writer, BAD_CAST name, BAD_CAST value));
}

void ls_xml_text(ls_xml *xml, const char *text)
{
  check(xml, xmlTextWriterWriteString(xml->writer, BAD_CAST text));
}

void ls_xml_break(ls_xml *xml) { check(xml, xmlTextWriterWriteRaw(xml->writer, BAD_CAST "\n")); }
