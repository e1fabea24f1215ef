#include "wire_ports.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/philox.h"

enum { ASK_EVERY = 32 };

ls_status ls_ports_create(int32_t switch_count, int32_t radix, ls_ports **ports)
{
  const size_t count = (size_t)switch_count * (size_t)radix;
  ls_ports *self = calloc(1, sizeof *self);
  if (!self) return LS_ERR_MEMORY;
  *self = (ls_ports){.switch_count = switch_count,
                     .radix = radix,
                     .sum = INT64_MAX,
                     .port = malloc(count * sizeof *self->port)};
  if (!self->port) {
    ls_ports_destroy(self);
    return LS_ERR_MEMORY;
  }
  for (size_t i = 0; i < count; i++) self->port[i] = LS_PORT_FREE;
  *ports = self;
  return LS_OK;
}

void ls_ports_destroy(ls_ports *ports)
{
  if (!ports) return;
  free(ports->port);
  free(ports);
}

/* ---- Switches that serve nobody ---- */

static bool has_hosts(const ls_ports *ports, int32_t node)
{
  for (int32_t j = 0; j < ports->radix; j++)
    if (ports->port[node * ports->radix + j] == LS_PORT_HOST) return true;
  return false;
}

/* Links from one switch to each; switch_count where there is no way. queue: [switch_count]. */
static void distances_find(const ls_ports *ports, int32_t from, int32_t *queue, int32_t *distance)
{
  const int32_t n = ports->switch_count, r = ports->radix;
  for (int32_t v = 0; v < n; v++) distance[v] = n;
  distance[from] = 0;
  queue[0] = from;
  for (int32_t head = 0, count = 1; head < count; head++)
    for (int32_t j = 0; j < r; j++) {
      const int32_t to = ports->port[queue[head] * r + j], w = to < 0 ? -1 : to / r;
      if (w < 0 || distance[w] < n) continue;
      distance[w] = distance[queue[head]] + 1;
      queue[count++] = w;
    }
}

/* own: from the switch; ends: those with hosts. */
static bool is_between(const int32_t *distance, int32_t n, int32_t node, const int32_t *ends,
                       int32_t end_count)
{
  const int32_t *own = distance + (int64_t)node * n;
  for (int32_t i = 0; i < end_count; i++)
    for (int32_t k = 0; k < i; k++) {
      const int32_t direct = distance[(int64_t)ends[i] * n + ends[k]];
      if (own[ends[i]] + own[ends[k]] == direct) return true;
    }
  return false;
}

ls_status ls_ports_useful(const ls_ports *ports, bool *is_useful)
{
  const int32_t n = ports->switch_count;
  int32_t *distance = malloc((size_t)n * (size_t)n * sizeof *distance);
  int32_t *ends = malloc((size_t)n * sizeof *ends), *queue = malloc((size_t)n * sizeof *queue);
  const ls_status status = distance && ends && queue ? LS_OK : LS_ERR_MEMORY;
  int32_t end_count = 0;
  for (int32_t v = 0; status == LS_OK && v < n; v++) {
    distances_find(ports, v, queue, distance + (int64_t)v * n);
    is_useful[v] = has_hosts(ports, v);
    if (is_useful[v]) ends[end_count++] = v;
  }
  for (int32_t v = 0; status == LS_OK && v < n; v++)
    is_useful[v] = is_useful[v] || is_between(distance, n, v, ends, end_count);
  free(queue);
  free(ends);
  free(distance);
  return status;
}

/* ---- Annealing ---- */

typedef struct walker {
  ls_ports *ports;
  ls_apsp *apsp;
  const ls_lift_run *run;
} walker;

/* Tells the evaluation what a port holds; hosts are counted by themselves. */
static void port_show(walker *self, int32_t x)
{
  const int32_t r = self->ports->radix, to = self->ports->port[x];
  ls_apsp_dart_set(self->apsp, x / r, x % r, to >= 0 ? to / r : x / r, 0);
}

static void content_set(walker *self, int32_t x, int32_t content)
{
  const int32_t r = self->ports->radix, before = self->ports->port[x];
  self->apsp->weight[x / r] += (content == LS_PORT_HOST) - (before == LS_PORT_HOST);
  self->ports->port[x] = content;
  if (content >= 0) {
    self->ports->port[content] = x;
    port_show(self, content);
  }
  port_show(self, x);
}

/* Whether it changes anything but the order of ports and makes no loop. */
static bool is_exchange(const ls_ports *ports, int32_t x, int32_t y)
{
  const int32_t r = ports->radix, of_x = ports->port[x], of_y = ports->port[y];
  if (x / r == y / r || (of_x < 0 && of_x == of_y)) return false;
  return !(of_x >= 0 && of_x / r == y / r) && !(of_y >= 0 && of_y / r == x / r);
}

static void contents_exchange(walker *self, int32_t x, int32_t y)
{
  const int32_t of_x = self->ports->port[x], of_y = self->ports->port[y];
  content_set(self, x, of_y);
  content_set(self, y, of_x);
}

static ls_philox_words exchange_draw(const walker *self, uint64_t *step, int32_t *x, int32_t *y)
{
  const int32_t count = self->ports->switch_count * self->ports->radix;
  ls_philox_words words;
  do {
    words = ls_philox(self->run->seed, self->run->stream, (*step)++);
    *x = ls_philox_below(words.v[0], count);
    *y = ls_philox_below(words.v[1], count);
  } while (!is_exchange(self->ports, *x, *y) && *step & 0xffff);
  return words;
}

static void walk(walker *self, int32_t *best, int64_t *done)
{
  const ls_lift_run *run = self->run;
  ls_ports *ports = self->ports;
  const size_t bytes = (size_t)ports->switch_count * (size_t)ports->radix * sizeof *best;
  const double fall = log(run->cold / run->hot) / (double)run->evaluations;
  uint64_t step = 1;
  int64_t now = ls_apsp_weighted(self->apsp, INT64_MAX).distance;
  ports->sum = now;
  memcpy(best, ports->port, bytes);
  for (*done = 1; *done < run->evaluations; ++*done) {
    int32_t x, y;
    if (*done % ASK_EVERY == 0 && run->is_over(run->context)) break;
    const double temperature = run->hot * exp(fall * (double)*done);
    const ls_philox_words words = exchange_draw(self, &step, &x, &y);
    if (!is_exchange(ports, x, y)) break; /* there may be none: all switches are joined alike */
    const double u = ((double)words.v[2] + 1) * 0x1p-32;
    contents_exchange(self, x, y);
    const ls_apsp_sum sum = ls_apsp_weighted(self->apsp, now + (int64_t)(-temperature * log(u)));
    if (sum.is_aborted)
      contents_exchange(self, x, y);
    else if ((now = sum.distance) < ports->sum) {
      ports->sum = now;
      memcpy(best, ports->port, bytes);
    }
  }
  memcpy(ports->port, best, bytes);
}

int64_t ls_ports_anneal(ls_ports *ports, const ls_lift_run *run)
{
  const int32_t count = ports->switch_count * ports->radix;
  walker self = {.ports = ports, .run = run};
  int32_t *best = malloc((size_t)count * sizeof *best);
  int64_t done = -1;
  if (best && ls_apsp_create(ports->switch_count, 1, ports->switch_count, ports->radix,
                             &self.apsp) == LS_OK) {
    for (int32_t x = 0; x < count; x++) {
      port_show(&self, x);
      self.apsp->weight[x / ports->radix] += ports->port[x] == LS_PORT_HOST;
    }
    walk(&self, best, &done);
  }
  ls_apsp_destroy(self.apsp);
  free(best);
  return done;
}
