"""Whether the exports of a design say what its GraphML says.

check_export.py PROGRAM FILE.graphml [FORMAT ...]

Every format of `PROGRAM export` is written and read by its own rules, and compared with the GraphML
as NetworkX reads it: devices, links, rates, who is joined to whom. The FORMATs named must be refused
with exit code 1 and one sentence, all others must succeed."""

import json
import re
import subprocess
import sys
from collections import Counter

import networkx


class Design:
    """The GraphML, with links counted one by one."""

    def __init__(self, path):
        graph = networkx.read_graphml(path, force_multigraph=True)
        self.path = path
        self.site = graph.graph
        self.nodes = dict(graph.nodes(data=True))
        self.edges = {key: (a, b, data) for a, b, key, data in graph.edges(keys=True, data=True)}
        self.planes = self.site["plane_count"]

    def of_kind(self, *kinds):
        return [name for name, data in self.nodes.items() if data["kind"] in kinds]


def expect(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: {str(found)[:300]} instead of {str(wanted)[:300]}")


def bundles(design):
    """Ends, kind and count of all bundles."""
    return Counter(
        (frozenset((a, b)), data["interaction"], data["link_count"])
        for a, b, data in design.edges.values()
    )


def bundles_of(graph, count_of):
    return Counter(
        (frozenset((a, b)), data["interaction"], count_of(data))
        for a, b, data in graph.edges(data=True)
    )


def expect_apart(boxes, what):
    """No two boxes of (x, y) centres overlap, and all coordinates are finite numbers."""
    cells = Counter((round(x / 84), round(y / 24)) for x, y in boxes)
    expect(max(cells.values()), 1, f"{what}: devices on one spot")


def check_yed(design, path):
    graph = networkx.read_graphml(path, force_multigraph=True)
    expect(set(graph.nodes), set(design.nodes), "devices")
    expect(bundles_of(graph, lambda data: data["link_count"]), bundles(design), "bundles")
    for name, data in graph.nodes(data=True):
        expect(data["label"], name, "label")
        expect(data["kind"], design.nodes[name]["kind"], "kind")
    expect_apart([(float(d["x"]), -float(d["y"])) for _, d in graph.nodes(data=True)], "yed")


def check_json(design, path):
    with open(path, encoding="utf-8") as stream:
        data = json.load(stream, parse_constant=lambda name: sys.exit(f"{name} in JSON"))
    graph = networkx.node_link_graph(data)
    expect(graph.is_multigraph(), True, "multigraph")
    expect(dict(graph.nodes(data=True)), design.nodes, "devices")
    found = {key: (frozenset((a, b)), d) for a, b, key, d in graph.edges(keys=True, data=True)}
    wanted = {
        key: (frozenset((a, b)), {k: v for k, v in d.items() if k != "label"})
        for key, (a, b, d) in design.edges.items()
    }
    expect(found, wanted, "bundles")
    for name in ("gpu_count", "port_gbps", "capex_cents", "variant"):
        expect(graph.graph[name], design.site[name], name)


def check_dot(design, path):
    """Graphviz lays it out as it says, and gives back what it read."""
    drawn = subprocess.run(
        ["neato", "-n2", "-Tjson", path], check=True, capture_output=True, text=True
    )
    expect(drawn.stderr, "", "warnings of neato")
    graph = json.loads(drawn.stdout)
    names = [node["name"] for node in graph["objects"]]
    expect(sorted(names), sorted(design.nodes), "devices")
    found = Counter(
        (frozenset((names[e["tail"]], names[e["head"]])), e["interaction"], int(e["link_count"]))
        for e in graph["edges"]
    )
    expect(found, bundles(design), "bundles")
    expect({int(e["link_gbps"]) for e in graph["edges"]}, {design.site["port_gbps"]}, "rates")
    expect_apart([[float(at) for at in node["pos"].split(",")] for node in graph["objects"]], "dot")


CHECKS = {"yed": check_yed, "json": check_json, "dot": check_dot}


def export(program, design, name, *options):
    arguments = [program, "export", design.path, "--to", name, *options]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def run(program, design, name, is_refused):
    path = f"{design.path}.{name}"
    printed = export(program, design, name)
    if is_refused:
        expect(printed.returncode, 1, f"exit code ({printed.stderr})")
        expect(printed.stdout, "", "what is printed when refused")
        expect(len(printed.stderr.splitlines()), 1, "sentences")
        return printed.stderr.strip()
    expect(printed.returncode, 0, f"exit code ({printed.stderr})")
    expect(export(program, design, name, "-o", path).returncode, 0, "exit code with -o")
    with open(path, encoding="utf-8", newline="") as stream:
        expect(stream.read(), printed.stdout, "file and standard output")
    expect(bool(re.search(r"\b(nan|inf)\b", printed.stdout, re.IGNORECASE)), False, "NaN or Inf")
    CHECKS[name](design, path)
    return "ok"


def main():
    program, path, *refused = sys.argv[1:]
    design = Design(path)
    known = export(program, design, "nothing").stderr
    names = re.search(r"must be one of (.*), got", known).group(1).split(", ")
    expect(sorted(names), sorted(CHECKS), "formats that are checked")
    failures = 0
    for name in names:
        try:
            print(f"{name}: {run(program, design, name, name in refused)}")
        except (AssertionError, KeyError, ValueError, subprocess.CalledProcessError) as problem:
            print(f"{name}: FAILED: {type(problem).__name__}: {problem}")
            failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
