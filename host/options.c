#include "options.h"

#include "arguments.h"
#include <assert.h>
#include <stddef.h>

#define SEARCH LS_ARGUMENTS_SEARCH
#define SPEC LS_ARGUMENTS_SPEC
#define DEVICE LS_ARGUMENTS_DEVICE
#define PLACE LS_ARGUMENTS_PLACE
#define INIT LS_ARGUMENTS_INIT
#define SIZE LS_ARGUMENTS_SIZE
#define WIRE LS_ARGUMENTS_WIRE
#define RESILIENCE LS_ARGUMENTS_RESILIENCE
#define THROUGHPUT LS_ARGUMENTS_THROUGHPUT

const ls_option ls_options[] = {
    {"output", 'o', LS_ARGUMENTS_FOLDER, "DIR", "folder for the run's files, which appears whole",
     "results/SPEC-SEED"},
    {"output", 'o', LS_ARGUMENTS_OUTPUT, "FILE", "file for the answer, which appears whole", NULL},
    {"gpus", LS_OPTION_GPUS, INIT, "N", "GPUs of the cluster", NULL},
    {"year", LS_OPTION_YEAR, INIT, "YEAR", "when it is bought, 2024 to 2040", "2026"},
    {"nic-gbps", LS_OPTION_NIC_GBPS, INIT, "GBPS", "what a GPU sends into the network, one way",
     "800"},
    {"gpus-per-server", LS_OPTION_GPUS_PER_SERVER, INIT, "N", "GPUs of a server", "8"},
    {"gpus-per-rack", LS_OPTION_GPUS_PER_RACK, INIT, "N", "GPUs of a rack", "32"},
    {"domain-gpus", LS_OPTION_DOMAIN_GPUS, INIT, "N",
     "design the scale-up network inside domains of so many GPUs, too", "it is left out"},
    {"families", LS_OPTION_FAMILIES, INIT, "LIST", "topologies to look at, between commas", "all"},
    {"force", LS_OPTION_FORCE, INIT, NULL, "replace the file of -o where there is one", NULL},
    {"resume", LS_OPTION_RESUME, LS_ARGUMENTS_RUN, "DIR",
     "go on with the run in this folder that was stopped or killed; its copies of the inputs are "
     "read unless SPEC is given",
     NULL},
    {"time-limit", LS_OPTION_TIME_LIMIT, LS_ARGUMENTS_RUN, "S",
     "seconds after which what was found so far is written", NULL},
    {"evaluations", LS_OPTION_EVALUATIONS, LS_ARGUMENTS_RUN, "N",
     "most designs to build on the floor", "1024"},
    {"gap", LS_OPTION_GAP, LS_ARGUMENTS_RUN, "SHARE",
     "end once the best design built, of uniform ones, is this near to its bound in every "
     "objective",
     NULL},
    {"start", LS_OPTION_START, LS_ARGUMENTS_RUN, "FILE",
     "a design in words or an exported GraphML, which is built first", NULL},
    {"log", LS_OPTION_LOG, LS_ARGUMENTS_RUN, "FILE.jsonl",
     "append what happens, an object of JSON a line", NULL},
    {"quiet", LS_OPTION_QUIET, LS_ARGUMENTS_RUN, NULL, "no progress on standard error", NULL},
    {"nodes", LS_OPTION_NODES, WIRE, "N", "nodes of the graph", NULL},
    {"degree", LS_OPTION_DEGREE, WIRE, "D", "most edges of a node", NULL},
    {"symmetry", LS_OPTION_SYMMETRY, WIRE, "S",
     "begin with graphs of S symmetries, all but one of which move every node",
     "chosen by the search"},
    {"hosts", LS_OPTION_HOSTS, WIRE, "H", "instead of --nodes: hosts to join by switches", NULL},
    {"radix", LS_OPTION_RADIX, WIRE, "R", "ports of a switch, with --hosts", NULL},
    {"evaluations", LS_OPTION_EVALUATIONS, WIRE, "N", "most graphs to evaluate",
     "as many as its size deserves"},
    {"family", LS_OPTION_FAMILY, SIZE, "clos1|clos2|clos3|clos4|rail_only", "topology", NULL},
    {"gpus", LS_OPTION_GPUS, SIZE, "N", "GPUs, each with a port in every plane", NULL},
    {"radix", LS_OPTION_RADIX, SIZE, "K", "ports of a switch", NULL},
    {"planes", LS_OPTION_PLANES, SIZE, "P", "parallel networks that a NIC is split over", "1"},
    {"oversubscription", LS_OPTION_OVERSUBSCRIPTION, SIZE, "RATIO",
     "down:up at the leaves, as 3, 3:1 or 1.5", "1"},
    {"wiring", LS_OPTION_WIRING, SIZE, "plain|rail", "how GPUs meet leaves", "plain"},
    {"rails", LS_OPTION_RAILS, SIZE, "N", "rails, the GPUs of a server", "8"},
    {"links-per-cable", LS_OPTION_LINKS_PER_CABLE, SIZE, "N", "links that share a cable", "1"},
    {"years", LS_OPTION_YEARS, LS_ARGUMENTS_YEARS, "FIRST:LAST",
     "the same question in each of these years of 2024 to 2040", NULL},
    {"csv", LS_OPTION_CSV, LS_ARGUMENTS_YEARS, "FILE", "the table of --years as a file, too", NULL},
    {"draws", LS_OPTION_DRAWS, LS_ARGUMENTS_EXPLAIN, "N",
     "catalogs to draw from the ranges of the figures", "10000"},
    {"all", LS_OPTION_ALL, LS_ARGUMENTS_EXPLAIN, NULL, "every figure, not the most telling alone",
     NULL},
    {"failures", LS_OPTION_FAILURES, RESILIENCE, "K", "parts that are down at once",
     "1, 2, 4 and more"},
    {"of", LS_OPTION_OF, RESILIENCE, "PART",
     "draw parts of one kind: port, engine, laser module, laser, chassis, ocs or tray",
     "all but trays, each as often as it fails"},
    {"draws", LS_OPTION_DRAWS, RESILIENCE, "N", "sets of failed parts to draw", "100000"},
    {"failures", LS_OPTION_FAILURES, THROUGHPUT, "K", "parts that are down, drawn by --seed", "0"},
    {"cubes", LS_OPTION_CUBES, LS_ARGUMENTS_SLICES, "N", "cubes that OCS can join", NULL},
    {"slice", LS_OPTION_SLICE, LS_ARGUMENTS_SLICES, "K", "cubes of a slice",
     "1, 2, 4 and more, up to all"},
    {"hosts", LS_OPTION_HOSTS, LS_ARGUMENTS_SLICES, "H",
     "hosts of a cube, which is up when all of them are", "16"},
    {"availability", LS_OPTION_AVAILABILITY, LS_ARGUMENTS_SLICES, "SHARE",
     "of the time that a host is up", "0.999"},
    {"gap", LS_OPTION_GAP, THROUGHPUT, "SHARE", "how far apart the bounds may stay", "0.01"},
    {"exact", LS_OPTION_EXACT, THROUGHPUT, NULL, "solve a linear program instead of closing in",
     NULL},
    {"qaplib", LS_OPTION_QAPLIB, PLACE, "FILE", "instead of a spec: an instance of QAPLIB", NULL},
    {"start", LS_OPTION_START, PLACE, "FILE", "with --qaplib: the solution to start from", NULL},
    {"start", LS_OPTION_START, WIRE, "FILE", "with --nodes: the list of edges to start from", NULL},
    {"time-limit", LS_OPTION_TIME_LIMIT, PLACE, "S", "with --qaplib: seconds to search", NULL},
    {"time-limit", LS_OPTION_TIME_LIMIT, WIRE, "S", "seconds to search, with the check", NULL},
    {"iterations", LS_OPTION_ITERATIONS, PLACE, "N", "steps of each search",
     "as many as its size deserves"},
    {"target", LS_OPTION_TARGET, PLACE, "COST", "with --qaplib: stop at this cost", "the bound"},
    {"replicas", LS_OPTION_REPLICAS, PLACE, "N", "with --qaplib: searches side by side", "16"},
    {"random", LS_OPTION_RANDOM, PLACE, "N", "random placements to compare with", "10000"},
    {"to", LS_OPTION_TO, LS_ARGUMENTS_EXPORT,
     "yed|dot|json|ns3|simai|astra-sim|htsim|containerlab|netbox-racks|netbox-devices|"
     "netbox-interfaces|netbox-cables|gnpy",
     "format of the tool that is to read it", NULL},
    {"catalog", LS_OPTION_CATALOG, SEARCH | SPEC, "FILE", "what can be bought",
     "catalog.yaml beside the spec, else lightspine's own"},
    {"catalog", LS_OPTION_CATALOG, LS_ARGUMENTS_VERIFY, "FILE",
     "recompute prices from this catalog, too", NULL},
    {"deep", LS_OPTION_DEEP, LS_ARGUMENTS_VERIFY, NULL,
     "all cuts between switches, not those around one switch alone", NULL},
    {"supply", LS_OPTION_SUPPLY, SEARCH | SPEC, "low|base|high|unlimited",
     "forecast of what is scarce, instead of the spec's", NULL},
    {"exhaustive", LS_OPTION_EXHAUSTIVE, SEARCH, NULL,
     "score every design instead of merging tiers", NULL},
    {"backend", LS_OPTION_BACKEND, SEARCH | DEVICE | PLACE | RESILIENCE | WIRE, "auto|cpu|cuda",
     "what computes; the answers are the same, bit for bit", "auto"},
    {"threads", LS_OPTION_THREADS, SEARCH | DEVICE | PLACE | RESILIENCE | WIRE | THROUGHPUT, "N",
     "threads of the CPU; the answers are the same for any number", "all cores"},
    {"seed", LS_OPTION_SEED, SEARCH | SPEC | PLACE | RESILIENCE | WIRE | THROUGHPUT, "N",
     "of random numbers; the same seed gives the same bytes", "1"},
    {"man", LS_OPTION_MAN, LS_ARGUMENTS_HELP, NULL, "the manual page, for man -l", NULL},
    {"bash", LS_OPTION_BASH, LS_ARGUMENTS_HELP, NULL, "completion for bash", NULL},
    {"zsh", LS_OPTION_ZSH, LS_ARGUMENTS_HELP, NULL, "completion for zsh", NULL},
    {"json", LS_OPTION_JSON, LS_ARGUMENTS_JSON, NULL, "the answer as one JSON object", NULL},
    {.name = NULL}};

static_assert(sizeof ls_options / sizeof *ls_options <= LS_OPTION_ROWS_MAX, "too many options");

const ls_option *ls_option_find(int id, int32_t groups)
{
  for (const ls_option *option = ls_options; option->name; option++)
    if (option->id == id && option->groups & groups) return option;
  return NULL;
}
