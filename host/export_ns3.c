/* Link lists for ns-3: that of HPCC's simulation and its many descendants, and SimAI's, which adds
 * the scale-up network as one NVSwitch a domain. */
#include <inttypes.h>

#include "export.h"
#include "export_link.h"
#include "export_packets.h"

static void write_ids(int32_t first, int32_t count, FILE *stream)
{
  for (int32_t i = 0; i < count; i++) fprintf(stream, "%s%d", i ? " " : "", first + i);
  fputc('\n', stream);
}

static void write_link(const ls_packet_link *link, FILE *stream)
{
  fprintf(stream, "%d %d %" PRId64 "Gbps %" PRId64 "ns 0\n", link->a, link->b, link->gbps,
          link->delay_ns);
}

ls_status ls_export_ns3(const ls_export *design, FILE *stream, ls_error *error)
{
  ls_packets packets;
  const ls_status status = ls_packets_create(design->record, 0, "ns-3", &packets, error);
  if (status == LS_OK) {
    fprintf(stream, "%d %d %d\n", packets.gpu_count + packets.switch_count, packets.switch_count,
            packets.link_count);
    write_ids(packets.switch_first, packets.switch_count, stream);
    for (int32_t i = 0; i < packets.link_count; i++) write_link(&packets.links[i], stream);
    ls_packets_write_names(&packets, stream);
  }
  ls_packets_destroy(&packets);
  return status;
}

/* How many domains the GPUs make, or why they make none. */
static ls_status domains_count(const ls_record *record, int64_t *count, ls_error *error)
{
  const int64_t domain = record->site.scale_up_domain_gpus;
  int64_t gpus = 0;
  for (int32_t i = 0; i < record->node_count; i++)
    if (record->nodes[i].kind == LS_DEVICE_RACK) gpus += record->nodes[i].gpu_count;
  if (domain <= 1 || record->site.scale_up_gbps_per_gpu <= 0)
    return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL,
                        "has no scale-up network, of which SimAI needs one for each server: "
                        "give the spec cluster.scale_up");
  if (gpus % domain)
    return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL,
                        "has %" PRId64 " GPUs, and SimAI needs whole scale-up domains of %" PRId64,
                        gpus, domain);
  *count = gpus / domain;
  return LS_OK;
}

/* Each GPU's scale-up link stands before its links to leaves, as in SimAI's own files. */
static void write_links(const ls_packets *packets, const ls_record_site *site, FILE *stream)
{
  int32_t next = 0;
  for (int32_t gpu = 0; gpu < packets->gpu_count; gpu++) {
    const int32_t domain = packets->gpu_count + gpu / (int32_t)site->scale_up_domain_gpus;
    const ls_packet_link up = {gpu, domain, site->scale_up_gbps_per_gpu, LS_SCALE_UP_LINK_NS};
    write_link(&up, stream);
    while (next < packets->link_count && packets->links[next].a == gpu)
      write_link(&packets->links[next++], stream);
  }
  while (next < packets->link_count) write_link(&packets->links[next++], stream);
}

ls_status ls_export_simai(const ls_export *design, FILE *stream, ls_error *error)
{
  const ls_record_site *site = &design->record->site;
  ls_packets packets;
  int64_t domains = 0;
  ls_status status = domains_count(design->record, &domains, error);
  if (status != LS_OK) return status;
  status = ls_packets_create(design->record, domains, "SimAI", &packets, error);
  if (status == LS_OK) {
    fprintf(stream, "%d %" PRId64 " %" PRId64 " %d %d NONE\n",
            packets.switch_first + packets.switch_count, site->scale_up_domain_gpus, domains,
            packets.switch_count, packets.link_count + packets.gpu_count);
    write_ids(packets.gpu_count, (int32_t)domains + packets.switch_count, stream);
    write_links(&packets, site, stream);
    ls_packets_write_names(&packets, stream);
  }
  ls_packets_destroy(&packets);
  return status;
}
