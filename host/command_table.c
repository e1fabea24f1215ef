/* One row a command: the function that runs it, the options it reads, and every word that help,
 * manual page and completion have of it. Examples build on those before them. */
#include "command_table.h"

#include "arguments.h"
#include "commands.h"

static const ls_command rows[] = {
    {.part = "Design a network",
     .name = "init",
     .run = ls_command_init,
     .groups = LS_ARGUMENTS_INIT | LS_ARGUMENTS_OUTPUT,
     .usage = "--gpus N [-o FILE]",
     .purpose = "write a spec to start from",
     .details =
         "Writes a spec for so many GPUs, on a floor that holds them and their network, with "
         "a comment and the unit at every key: to the standard output, or into the file of "
         "-o, which must not exist yet. The spec is a beginning; change what is yours.",
     .examples = "lightspine init --gpus 64 -o lab.yaml\n"
                 "lightspine init --gpus 256 --families ocs_spine -o ocs.yaml\n"},
    {.name = "optimize",
     .run = ls_command_optimize,
     .groups = LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_FOLDER | LS_ARGUMENTS_RUN,
     .usage = "SPEC [-o DIR] | --resume DIR",
     .purpose = "the main job: search, places, verification, export",
     .details =
         "Evaluates every design that a spec spans, builds the best ones on its floor, has each "
         "pick verified independently, and writes GraphML, cable schedules and bills of materials "
         "into a folder. Prints the picks (cheapest, least power, fastest, safest, knee), what "
         "they save against two baselines, and the final Pareto front. A run that was stopped or "
         "killed goes on with --resume, to the same bytes. Ctrl-C once ends it with what was found "
         "so far in the folder, twice at once; the exit code is 130. --time-limit does the first "
         "with exit code 0, or with 3 where nothing was found yet.",
     .no = "no design meets the spec; the constraints in the way are named",
     .examples = "lightspine optimize lab.yaml -o run\n"
                 "lightspine optimize --resume run\n"},
    {.name = "sweep",
     .run = ls_command_sweep,
     .groups = LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_YEARS,
     .usage = "SPEC [--years 2026:2032]",
     .purpose = "the exact front without places, or year by year",
     .details = "Level 1 alone: the exact Pareto front of every design the spec spans, with the "
                "shortest lengths that the floor allows. With --years it asks the same in each "
                "year and says what wins, and why it changes.",
     .no = "no design meets the spec",
     .examples = "lightspine sweep lab.yaml\n"
                 "lightspine sweep lab.yaml --years 2026:2030 --csv years.csv\n"},
    {.name = "explain",
     .run = ls_command_explain,
     .groups = LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_EXPLAIN,
     .usage = "SPEC",
     .purpose = "why nothing is feasible, or how sure the pick is",
     .details = "For a spec that has an answer: why the knee wins, how far each figure of the "
                "catalog may move before another design does, and the design that does best over "
                "many catalogs drawn from the ranges. For one that has none: the smallest set of "
                "limits in conflict, and what relaxes it.",
     .no = "no design meets the spec; the conflict is told",
     .examples = "lightspine explain lab.yaml --draws 100\n"},
    {.name = "evaluate",
     .run = ls_command_evaluate,
     .groups = LS_ARGUMENTS_SPEC,
     .usage = "SPEC DESIGN",
     .purpose = "one design: all metrics and their ledger",
     .details =
         "Computes every metric of one design, written by hand or printed by sweep and optimize, "
         "with the ledger whose lines sum to money, watts and failures. The floor is asked "
         "whether the design fits.",
     .no = "the design breaks constraints, which are named",
     .examples = "lightspine evaluate topologies/reference/million-gpu.yaml "
                 "topologies/reference/million-gpu.design.yaml\n"},
    {.name = "size",
     .run = ls_command_size,
     .groups = LS_ARGUMENTS_SIZE,
     .usage = "--family F --gpus N --radix K",
     .purpose = "how many switches, links and cables a topology needs",
     .details = "Counts switches, links and cables of a Clos or rail-only network from its numbers "
                "alone. Needs no spec, no floor and no catalog.",
     .no = "the family does not reach so many GPUs at this radix",
     .examples = "lightspine size --family clos3 --gpus 1000000 --radix 256 --planes 4\n"},
    {.name = "slices",
     .run = ls_command_slices,
     .groups = LS_ARGUMENTS_SLICES,
     .usage = "--cubes N",
     .purpose = "slices of cubes for jobs, by fixed wiring or OCS",
     .details = "Tells for slices of so many cubes how often one can be had and how many are up, "
                "on average and with 99 %: with fixed wiring a slice needs its own cubes, with "
                "optical circuit switches any that are up.",
     .examples = "lightspine slices --cubes 64 --slice 60\n"},
    {.name = "place",
     .run = ls_command_place,
     .groups = LS_ARGUMENTS_PLACE | LS_ARGUMENTS_SEARCH,
     .usage = "[SPEC [DESIGN]]",
     .purpose = "where devices stand, against random places and a bound",
     .details = "Tells what a design (without one, the knee) costs by the policy's places, after "
                "the search, at the best places found, and at random ones. With --qaplib it "
                "searches an instance of the quadratic assignment problem instead.",
     .no = "nothing of the spec holds on its floor",
     .examples = "lightspine place lab.yaml --random 1000\n"},
    {.name = "wire",
     .run = ls_command_wire,
     .groups = LS_ARGUMENTS_WIRE | LS_ARGUMENTS_OUTPUT,
     .usage = "--nodes N --degree D | --hosts H --radix R",
     .purpose = "the graph with the fewest hops, with a bound",
     .details =
         "Searches the order/degree problem, the graph of N nodes of degree D with the "
         "fewest hops on average, or the order/radix problem of hosts on switches. The "
         "answer is checked by breadth-first search and comes with Moore's bound; with -o its "
         "edges are written as a list, one a line.",
     .no = "no network joins so many hosts by switches of this radix",
     .examples = "lightspine wire --nodes 64 --degree 6 -o graph.edges\n"
                 "lightspine wire --hosts 128 --radix 12 --time-limit 1\n"},
    {.part = "Examine a design",
     .name = "verify",
     .run = ls_command_verify,
     .groups = LS_ARGUMENTS_VERIFY,
     .usage = "FILE.graphml",
     .purpose = "recompute every claim of an exported design",
     .details = "Recomputes every claim of an exported design from its graph, with igraph and "
                "code that the search does not share. With --catalog prices are recomputed, too.",
     .no = "a claim does not follow from the graph; each mismatch is told",
     .examples = "lightspine verify run/knee.graphml --catalog run/catalog.yaml\n"},
    {.name = "throughput",
     .run = ls_command_throughput,
     .groups = LS_ARGUMENTS_THROUGHPUT,
     .usage = "FILE.graphml",
     .purpose = "what an exported design delivers, routed, with bounds",
     .details = "Routes all-to-all traffic over an exported design as a maximum concurrent flow, "
                "with bounds that close in on each other or, with --exact, by a linear program. "
                "ECMP, Valiant routing and the worst traffic stand beside it.",
     .no = "--failures is asked of a design without parts that can fail",
     .examples = "lightspine throughput run/knee.graphml --exact\n"},
    {.name = "resilience",
     .run = ls_command_resilience,
     .groups = LS_ARGUMENTS_RESILIENCE,
     .usage = "FILE.graphml",
     .purpose = "what an exported design carries with parts of it down",
     .details = "Draws sets of failed parts and tells how much of the network is left: at worst, "
                "and over the draws. Parts fail one, two, four at a time, or as many as "
                "--failures says.",
     .no = "the design has no part that can fail, or none of the kind of --of",
     .examples = "lightspine resilience run/knee.graphml --draws 1000\n"},
    {.name = "rewire",
     .run = ls_command_rewire,
     .groups = LS_ARGUMENTS_OUTPUT,
     .usage = "FILE.graphml DEMAND.csv",
     .purpose = "circuits for another demand, as few moved as can be",
     .details = "Sets the optical circuit switches of an exported design for a demand between its "
                "blocks, a CSV of as many rows as columns, and keeps all circuits that it can. "
                "With -o the new cross-connects are written as CSV.",
     .no = "the design has no optical circuit switches",
     .examples = "lightspine optimize ocs.yaml -o ocs\n"
                 "lightspine rewire ocs/knee.graphml topologies/ring-8.csv -o circuits.csv\n"},
    {.name = "export",
     .run = ls_command_export,
     .groups = LS_ARGUMENTS_EXPORT | LS_ARGUMENTS_OUTPUT,
     .usage = "FILE.graphml --to FORMAT",
     .purpose = "an exported design in other tools' formats",
     .details = "Writes an exported design for the tool that is to read it, to the standard output "
                "without -o. It believes the file: verify it first.",
     .no = "the design does not fit the format",
     .examples = "lightspine export run/knee.graphml --to dot -o knee.dot\n"},
    {.part = "Look things up",
     .name = "catalog",
     .run = ls_command_catalog,
     .groups = LS_ARGUMENTS_FEWER_WORDS,
     .usage = "check|list [FILE]",
     .purpose = "what can be bought, and how sure its figures are",
     .details = "`check` counts a catalog's figures by their evidence and lists the widest "
                "assumptions; `list` shows what it offers. Without a file it is lightspine's own.",
     .examples = "lightspine catalog check\n"
                 "lightspine catalog list\n"},
    {.name = "schema",
     .run = ls_command_schema,
     .groups = LS_ARGUMENTS_FEWER_WORDS,
     .usage = "[spec|catalog|design]",
     .purpose = "JSON Schema of the input files, for editors",
     .details = "Prints the keys, ranges and defaults of a kind of input file as a JSON Schema. "
                "An editor that knows it completes and checks the file as it is typed.",
     .examples = "lightspine schema spec\n"},
    {.name = "results",
     .run = ls_command_results,
     .groups = LS_ARGUMENTS_FEWER_WORDS,
     .usage = "list|show|compare [DIR...]",
     .purpose = "what runs found, one or some side by side",
     .details =
         "Reads the stores of runs. list [FOLDER] tells of every run in a folder, by default "
         "results; show DIR of one, with its picks and baselines; compare DIR DIR [DIR] puts "
         "the picks of two or three side by side. A run that was stopped is told with what "
         "it had found, one that is at work as such.",
     .examples = "lightspine results show run\n"
                 "lightspine results compare run run\n"},
    {.name = "validate",
     .run = ls_command_validate,
     .groups = LS_ARGUMENTS_SPEC,
     .usage = "FILE",
     .purpose = "published figures beside the model's own",
     .details = "Computes each quantity of a file of published figures and prints it beside what "
                "was published, with its source and whether it lies in the published range.",
     .no = "a spec that the file names spans no design",
     .examples = "lightspine validate topologies/reference/validation.yaml\n"},
    {.name = "bench",
     .run = ls_command_bench,
     .groups = LS_ARGUMENTS_SPEC | LS_ARGUMENTS_DEVICE | LS_ARGUMENTS_FEWER_WORDS,
     .usage = "[sweep|place|apsp] [FILE]",
     .purpose = "rates beside the ceilings of this machine",
     .details = "Measures how fast this machine sweeps designs, searches places or evaluates "
                "graphs, beside the ceiling that its processor and memory set. A run takes from "
                "seconds to a minute.",
     .no = "structure excludes every design of the spec",
     .examples = "lightspine bench sweep lab.yaml\n"},
    {.name = "devices",
     .run = ls_command_devices,
     .groups = 0,
     .usage = "",
     .purpose = "what this machine can compute with",
     .details = "Lists processors, memory and GPUs, and which backends they allow.",
     .examples = "lightspine devices\n"},
    {.name = "help",
     .run = ls_command_help,
     .groups = LS_ARGUMENTS_HELP | LS_ARGUMENTS_FEWER_WORDS,
     .usage = "[COMMAND]",
     .purpose = "this list, or all about a command",
     .details = "Prints the list of commands, or the page of one. The manual page and the "
                "completion of shells come from it, too.",
     .examples = "lightspine help sweep\n"
                 "lightspine help --bash > lightspine.bash && . ./lightspine.bash\n"},
};

const ls_commands ls_command_table = {rows, sizeof rows / sizeof *rows};
