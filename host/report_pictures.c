/* A picture is a script of numbers and of our own words, which names from inputs never enter. */
#include "report_pictures.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"

/* ---- Scripts ---- */

typedef struct picture {
  const char *id; /* of the chart that it stands in for */
  void (*write)(const ls_report *report, FILE *script);
} picture;

static double capex_musd(const ls_result *result)
{
  return (double)result->totals.capex_cents / 1e8;
}

static double power_kw(const ls_result *result)
{
  return (double)ls_totals_power_mw(&result->totals) / 1e6;
}

static double tco_musd(const ls_result *result) { return (double)result->totals.tco_cents / 1e8; }

static void tradeoffs_write(const ls_report *report, FILE *script)
{
  const ls_answer *answer = report->answer;
  fputs("set xlabel 'capex, M$'\nset ylabel 'IT power, kW'\nset key below\n$front << END\n",
        script);
  for (int32_t i = 0; i < answer->level2.front_count; i++)
    fprintf(script, "%.6f %.6f\n", capex_musd(&answer->level2.front[i]),
            power_kw(&answer->level2.front[i]));
  fputs("END\n$named << END\n", script);
  for (int32_t i = 0; i < answer->named_count; i++) {
    int32_t first = 0; /* of several names of a point one is enough */
    while (answer->named[first].result.totals.capex_cents !=
           answer->named[i].result.totals.capex_cents)
      first++;
    if (first < i) continue;
    fprintf(script, "%.6f %.6f %s\n", capex_musd(&answer->named[i].result),
            power_kw(&answer->named[i].result), answer->named[i].name);
  }
  fputs("END\nplot $front with points pt 7 lc rgb '#0072b2' title 'designs of the front', "
        "$named using 1:2:3 with labels offset 0,0.8 notitle\n",
        script);
}

/* One bar for each named design. */
static void bars_write(const ls_report *report, const char *label,
                       double (*amount)(const ls_result *), FILE *script)
{
  fprintf(script,
          "set ylabel '%s'\nset yrange [0:*]\nset style fill solid\nset boxwidth 0.6\n"
          "unset key\n$bars << END\n",
          label);
  for (int32_t i = 0; i < report->answer->named_count; i++)
    fprintf(script, "%s %.6f\n", report->answer->named[i].name,
            amount(&report->answer->named[i].result));
  fputs("END\nplot $bars using 0:2:xtic(1) with boxes lc rgb '#0072b2'\n", script);
}

static void capex_write(const ls_report *report, FILE *script)
{
  bars_write(report, "capex, M$", capex_musd, script);
}

static void power_write(const ls_report *report, FILE *script)
{
  bars_write(report, "IT power, kW", power_kw, script);
}

static void tco_write(const ls_report *report, FILE *script)
{
  bars_write(report, "cost over the years, M$", tco_musd, script);
}

/* Of each named design the interval of the worst traffic, routed where that was done. */
static void throughput_write(const ls_report *report, FILE *script)
{
  fputs("set ylabel 'worst traffic, share of the NIC rate'\nset yrange [0:1.05]\n"
        "set xrange [-0.5:*]\nunset key\n$rows << END\n",
        script);
  for (int32_t i = 0; i < report->answer->named_count; i++) {
    const ls_named *named = &report->answer->named[i];
    const bool is_routed = report->verdicts->is_routed[i];
    const double low = is_routed ? report->verdicts->routed[i].worst_low
                                 : named->result.totals.throughput_ppm_low / 1e6;
    const double high = is_routed ? report->verdicts->routed[i].worst_high
                                  : named->result.totals.throughput_ppm_high / 1e6;
    fprintf(script, "%s %.6f %.6f\n", named->name, low, high);
  }
  fputs("END\nplot $rows using 0:2:2:3:xtic(1) with yerrorbars pt 7 lc rgb '#0072b2'\n", script);
}

/* ---- Drawing ---- */

/* Runs gnuplot on a script, its output into a file. Whether that went well. */
static bool gnuplot_run(const char *script_path, const char *svg_path)
{
  char program[] = "gnuplot", script[LS_PATH_MAX];
  char *const argv[] = {program, script, NULL};
  posix_spawn_file_actions_t actions;
  pid_t child;
  int result = -1;
  snprintf(script, sizeof script, "%s", script_path);
  if (posix_spawn_file_actions_init(&actions)) return false;
  const bool is_ready =
      !posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) &&
      !posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, svg_path,
                                        O_WRONLY | O_CREAT | O_TRUNC, 0666) &&
      !posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  if (is_ready && !posix_spawnp(&child, program, &actions, NULL, argv, environ))
    while (waitpid(child, &result, 0) < 0 && errno == EINTR) continue;
  posix_spawn_file_actions_destroy(&actions);
  return WIFEXITED(result) && WEXITSTATUS(result) == 0;
}

static ls_status script_write(const ls_report *report, const picture *made, const char *path,
                              ls_error *error)
{
  ls_file_writer file;
  ls_status status = ls_file_open(&file, path, error);
  if (status != LS_OK) return status;
  fprintf(file.stream,
          "set terminal svg size 900,420 dynamic font 'sans-serif,13' name '%s' background "
          "'white'\nset grid\n",
          made->id);
  made->write(report, file.stream);
  return ls_file_commit(&file, error);
}

/* Copies the picture from its first element on: a declaration of XML has no place within HTML. */
static bool svg_copy(const char *path, const char *id, FILE *stream)
{
  enum { BYTES_MAX = 1 << 22 };
  char *text = NULL;
  size_t size;
  ls_error ignored;
  if (ls_file_read(path, BYTES_MAX, &text, &size, &ignored) != LS_OK) return false;
  const char *svg = strstr(text, "<svg");
  if (svg) fprintf(stream, "<template id=\"picture-%s\">%s</template>\n", id, svg);
  free(text);
  return svg != NULL;
}

ls_status ls_report_pictures_write(const ls_report *report, FILE *stream, int32_t *count,
                                   ls_error *error)
{
  static const picture pictures[] = {{"tradeoffs", tradeoffs_write},
                                     {"capex", capex_write},
                                     {"power", power_write},
                                     {"tco", tco_write},
                                     {"throughput", throughput_write}};
  char script[LS_PATH_MAX], svg[LS_PATH_MAX];
  *count = 0;
  ls_status status = ls_path_join(report->folder, "report", ".gnuplot", script, error);
  if (status == LS_OK) status = ls_path_join(report->folder, "report", ".svg", svg, error);
  if (status != LS_OK) return status;
  for (size_t i = 0; status == LS_OK && i < sizeof pictures / sizeof *pictures; i++) {
    status = script_write(report, &pictures[i], script, error);
    if (status != LS_OK || !gnuplot_run(script, svg)) break;
    *count += svg_copy(svg, pictures[i].id, stream);
  }
  unlink(script);
  unlink(svg);
  return status;
}
