/* The cheapest design of a spec's exact front, by liblightspine.
 *     cc cheapest.c $(pkg-config --cflags --libs lightspine) -o cheapest */
#include <lightspine.h>
#include <stdio.h>

int main(int argc, char **argv)
{
  char message[LIGHTSPINE_MESSAGE_MAX];
  lightspine_study *study = NULL;
  lightspine_design *front = NULL;
  int32_t count = 0, cheapest = 0;
  if (argc != 2) return fprintf(stderr, "usage: cheapest SPEC\n"), LIGHTSPINE_INPUT;
  lightspine_status status = lightspine_open(argv[1], NULL, &study, message);
  if (status == LIGHTSPINE_OK) status = lightspine_sweep(study, &front, &count, message);
  if (status == LIGHTSPINE_OK) {
    for (int32_t i = 1; i < count; i++)
      if (front[i].capex_usd < front[cheapest].capex_usd) cheapest = i;
    printf("the cheapest of %llu designs has the number %llu: $%.2f M, %.1f kW\n",
           (unsigned long long)lightspine_space_size(study),
           (unsigned long long)front[cheapest].rank, 1e-6 * front[cheapest].capex_usd,
           1e-3 * front[cheapest].power_w);
  } else {
    fprintf(stderr, "cheapest: %s\n", message);
  }
  lightspine_free(front);
  lightspine_close(study);
  return (int)status;
}
