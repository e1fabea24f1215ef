/* A thread of its own redraws the live line a few times a second from what the search has told
 * last; the search itself only writes numbers down. */
#include "progress.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clock.h"
#include "json.h"
#include "report.h"
#include "spec.h"

enum { REDRAW_MS = 200, LINE_MAX_BYTES = 256, PHASE_MAX = 64, LOG_EVERY_S = 2 };

struct ls_progress {
  bool is_quiet, is_live, is_drawn; /* is_drawn: the line is on the screen */
  double start, time_limit, told;   /* told: when a person was last */
  FILE *log;                        /* NULL: none */
  const char *log_path;
  bool is_log_broken;
  pthread_t thread;
  bool has_thread, is_ending;
  pthread_mutex_t lock; /* of all below, and of standard error */
  pthread_cond_t wake;
  char name[64], phase[PHASE_MAX];
  int32_t round, queue, queue_built;
  double queue_start;
  ls_gap gap;
};

/* ---- The live line ---- */

/* Seconds until this round's designs are built, and until the time limit; below 0: unknown. */
static double time_left(const ls_progress *self, double now)
{
  const double spent = now - self->queue_start;
  double left = -1;
  if (self->queue_built > 0 && self->queue > self->queue_built)
    left = spent / self->queue_built * (self->queue - self->queue_built);
  const double limit = self->time_limit - (now - self->start);
  if (self->time_limit > 0 && (left < 0 || limit < left)) left = limit > 0 ? limit : 0;
  return left;
}

/* "gap 0.9 % (capex $16.04 M, bound $15.90 M)"; empty: nothing is built. */
static const char *gap_text(const ls_gap *gap, char text[LINE_MAX_BYTES])
{
  char built[LS_GAP_TEXT_MAX], bound[LS_GAP_TEXT_MAX];
  text[0] = '\0';
  if (gap->metric >= 0)
    snprintf(text, LINE_MAX_BYTES, ", gap %.1f %% (%s %s, bound %s)", 100 * gap->share,
             ls_metric_name[gap->metric], ls_gap_amount_text(gap->metric, gap->incumbent, built),
             ls_gap_amount_text(gap->metric, gap->bound, bound));
  return text;
}

/* What matters most comes first: a narrow terminal has room for nothing else. */
static void line_fill(const ls_progress *self, char line[2 * LINE_MAX_BYTES])
{
  const double now = ls_clock_seconds(), left = time_left(self, now);
  const double spent = now - self->queue_start;
  char gap[LINE_MAX_BYTES], time[48], queue[96] = "";
  if (left >= 0)
    snprintf(time, sizeof time, ", %.0f s left", left);
  else
    snprintf(time, sizeof time, ", %.0f s", now - self->start);
  if (self->queue)
    snprintf(queue, sizeof queue, ", round %d: %d of %d designs, %.0f designs/s", self->round + 1,
             self->queue_built, self->queue, spent > 0 ? self->queue_built / spent : 0);
  snprintf(line, (size_t)2 * LINE_MAX_BYTES, "%s: %s%s%s%s", self->name, self->phase,
           gap_text(&self->gap, gap), time, queue);
}

/* With the lock. */
static void line_draw(ls_progress *self)
{
  char line[2 * LINE_MAX_BYTES];
  struct winsize window = {.ws_col = 0};
  if (!self->name[0]) return;
  line_fill(self, line);
  const int32_t width =
      ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1 ? window.ws_col - 1 : 79;
  fprintf(stderr, "\r%.*s\033[K", width, line);
  self->is_drawn = true;
}

/* With the lock: the place is free for a line that stays. */
static void line_erase(ls_progress *self)
{
  if (self->is_drawn) fputs("\r\033[K", stderr);
  self->is_drawn = false;
}

static void *redraw(void *argument)
{
  ls_progress *self = argument;
  pthread_mutex_lock(&self->lock);
  while (!self->is_ending) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)REDRAW_MS * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    line_draw(self);
    pthread_cond_timedwait(&self->wake, &self->lock, &until);
  }
  line_erase(self);
  pthread_mutex_unlock(&self->lock);
  return NULL;
}

/* ---- The log ---- */

static ls_json *event_json(const ls_progress *self, const char *event)
{
  ls_json *object = ls_json_object();
  ls_json_set_real(object, "seconds", ls_clock_seconds() - self->start);
  ls_json_set_text(object, "event", event);
  return object;
}

/* Takes the event over. Each line is out at once, so that whoever reads along sees it. */
static void event_write(ls_progress *self, ls_json *event)
{
  if (ls_json_write_line(event, self->log, NULL) != LS_OK || fputc('\n', self->log) == EOF ||
      fflush(self->log) == EOF)
    self->is_log_broken = true;
}

/* ---- From begin to end ---- */

ls_status ls_progress_create(const ls_progress_options *options, ls_progress **progress,
                             ls_error *error)
{
  *progress = NULL;
  ls_progress *made = calloc(1, sizeof *made);
  if (!made) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for progress");
  made->is_quiet = options->is_quiet;
  made->is_live = !options->is_quiet && isatty(STDERR_FILENO);
  made->start = made->told = ls_clock_seconds();
  made->time_limit = options->time_limit;
  made->gap.metric = -1;
  made->log_path = options->log_path;
  if (options->log_path && !(made->log = fopen(options->log_path, "ae"))) {
    free(made);
    return ls_error_set(error, LS_ERR_IO, options->log_path, 0, "--log", "cannot be written");
  }
  pthread_mutex_init(&made->lock, NULL);
  pthread_cond_init(&made->wake, NULL);
  made->has_thread = made->is_live && pthread_create(&made->thread, NULL, redraw, made) == 0;
  *progress = made;
  return LS_OK;
}

void ls_progress_rest(ls_progress *progress)
{
  if (!progress || !progress->has_thread) return;
  pthread_mutex_lock(&progress->lock);
  progress->is_ending = true;
  pthread_cond_signal(&progress->wake);
  pthread_mutex_unlock(&progress->lock);
  pthread_join(progress->thread, NULL);
  progress->has_thread = false;
}

ls_status ls_progress_destroy(ls_progress *progress, ls_error *error)
{
  ls_status status = LS_OK;
  if (!progress) return LS_OK;
  ls_progress_rest(progress);
  if (progress->log && (fclose(progress->log) || progress->is_log_broken))
    status = ls_error_set(error, LS_ERR_IO, progress->log_path, 0, "--log", "cannot be written");
  pthread_cond_destroy(&progress->wake);
  pthread_mutex_destroy(&progress->lock);
  free(progress);
  return status;
}

/* ---- What happens ---- */

void ls_progress_note(ls_progress *progress, const char *format, ...)
{
  va_list list;
  if (progress && progress->is_quiet) return;
  if (progress) {
    pthread_mutex_lock(&progress->lock);
    line_erase(progress);
  }
  va_start(list, format);
  vfprintf(stderr, format, list);
  va_end(list);
  fputc('\n', stderr);
  if (progress) pthread_mutex_unlock(&progress->lock);
}

void ls_progress_start(ls_progress *progress, const ls_session *session, const char *folder,
                       bool is_resumed)
{
  if (!progress) return;
  pthread_mutex_lock(&progress->lock);
  snprintf(progress->name, sizeof progress->name, "%s", session->spec->name);
  snprintf(progress->phase, sizeof progress->phase, "level 1");
  pthread_mutex_unlock(&progress->lock);
  if (!progress->log) return;
  ls_json *event = event_json(progress, "start");
  ls_json_set_text(event, "spec", session->spec->name);
  ls_json_set_text(event, "version", LS_VERSION);
  ls_json_set_text(event, "folder", folder);
  ls_json_set_bool(event, "resumed", is_resumed);
  ls_json_set_int(event, "space_size", (int64_t)session->problem->space_size);
  event_write(progress, event);
}

void ls_progress_phase(ls_progress *progress, const char *phase)
{
  if (!progress) return;
  pthread_mutex_lock(&progress->lock);
  snprintf(progress->phase, sizeof progress->phase, "%s", phase);
  progress->queue = progress->queue_built = progress->round = 0;
  progress->gap.metric = -1;
  pthread_mutex_unlock(&progress->lock);
  if (!progress->log) return;
  ls_json *event = event_json(progress, "phase");
  ls_json_set_text(event, "phase", phase);
  event_write(progress, event);
}

static void sweep_log(ls_progress *self, const ls_sweep_result *sweep)
{
  const double seconds = sweep->seconds > 0 ? sweep->seconds : 1e-9;
  ls_json *event = event_json(self, "sweep");
  ls_json_set_int(event, "front_size", sweep->front_count);
  ls_json_set_int(event, "designs_evaluated", (int64_t)sweep->stats.evaluated_count);
  ls_json_set_real(event, "designs_per_second", (double)sweep->stats.evaluated_count / seconds);
  ls_json_set_text(event, "backend", sweep->backend->name);
  event_write(self, event);
}

void ls_progress_sweep(ls_progress *progress, const ls_session *session,
                       const ls_sweep_result *sweep, bool is_told)
{
  if (!progress) return;
  if (!is_told) ls_report_progress(session, sweep);
  if (progress->log) sweep_log(progress, sweep);
  if (!is_told) ls_progress_phase(progress, "level 2");
}

void ls_progress_queue(ls_progress *progress, int32_t design_count)
{
  if (!progress) return;
  pthread_mutex_lock(&progress->lock);
  progress->queue = design_count;
  progress->queue_built = 0;
  progress->queue_start = ls_clock_seconds();
  pthread_mutex_unlock(&progress->lock);
}

void ls_progress_built(ls_progress *progress)
{
  if (!progress) return;
  pthread_mutex_lock(&progress->lock);
  progress->queue_built++;
  pthread_mutex_unlock(&progress->lock);
}

static void round_log(ls_progress *self, const ls_level2 *found, const ls_gap *gap)
{
  ls_json *event = event_json(self, "round");
  ls_json_set_text(event, "phase", self->phase);
  ls_json_set_int(event, "round", found->round_count);
  ls_json_set_int(event, "built", found->built_count);
  ls_json_set_int(event, "feasible", found->feasible_count);
  if (gap->metric >= 0) {
    ls_json_set_text(event, "objective", ls_metric_name[gap->metric]);
    ls_json_set_int(event, "incumbent", gap->incumbent);
    ls_json_set_int(event, "bound", gap->bound);
    ls_json_set_real(event, "gap", gap->share);
  }
  event_write(self, event);
}

void ls_progress_round(ls_progress *progress, const ls_session *session, const ls_level2 *found)
{
  if (!progress) return;
  const ls_gap gap = ls_gap_find(session->problem, found);
  const double now = ls_clock_seconds();
  char text[LINE_MAX_BYTES];
  pthread_mutex_lock(&progress->lock);
  progress->round = found->round_count;
  progress->gap = gap;
  const bool is_due = !progress->is_live && now - progress->told > LOG_EVERY_S;
  if (is_due) progress->told = now;
  pthread_mutex_unlock(&progress->lock);
  if (is_due)
    ls_progress_note(progress, "%s: %s, %d designs built on the floor%s", progress->name,
                     progress->phase, found->built_count, gap_text(&gap, text));
  if (progress->log) round_log(progress, found, &gap);
}

void ls_progress_end(ls_progress *progress, const char *how)
{
  if (!progress || !progress->log) return;
  ls_json *event = event_json(progress, "end");
  ls_json_set_text(event, "state", how);
  event_write(progress, event);
}
