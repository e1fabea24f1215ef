"""Whether NetworkX reads a GraphML file as igraph does: compare_readers.py FILE.graphml DUMP.tsv

DUMP.tsv holds a line per attribute as igraph read it: domain, owner, name, type, value.
Every attribute must be there in NetworkX with an equal value, and none more."""

import sys

import networkx


def read_dump(path):
    """Attributes by (domain, owner), with the ends of each edge."""
    found, ends = {}, {}
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            domain, owner, name, kind, value = line.rstrip("\n").split("\t")
            if domain == "edge":
                owner, source, target = owner.split(" ")
                ends[owner] = {source, target}
            value = float(value) if kind == "number" else value
            found.setdefault((domain, owner), {})[name] = value
    return found, ends


def read_networkx(path):
    graph = networkx.read_graphml(path)
    found, ends = {}, {}
    attributes = {k: v for k, v in graph.graph.items() if not k.endswith("_default")}
    found["graph", ""] = attributes
    for node, data in graph.nodes(data=True):
        found["node", node] = dict(data, id=node)
    if graph.is_multigraph():
        edges = [(a, b, key, data) for a, b, key, data in graph.edges(keys=True, data=True)]
    else:
        edges = [(a, b, data["id"], data) for a, b, data in graph.edges(data=True)]
    for a, b, key, data in edges:
        found["edge", key] = dict(data, id=key)
        ends[key] = {a, b}
    return found, ends


def main():
    by_networkx, networkx_ends = read_networkx(sys.argv[1])
    by_igraph, igraph_ends = read_dump(sys.argv[2])
    problems = []
    if by_networkx.keys() != by_igraph.keys():
        problems.append(f"owners differ: {list(by_networkx.keys() ^ by_igraph.keys())[:5]}")
    if networkx_ends != igraph_ends:
        problems.append("ends of edges differ")
    for owner in by_networkx.keys() & by_igraph.keys():
        left, right = by_networkx[owner], by_igraph[owner]
        for name in sorted(left.keys() | right.keys()):
            if name not in left or name not in right or left[name] != right[name]:
                problems.append(f"{owner} {name}: {left.get(name)!r} {right.get(name)!r}")
    for problem in problems[:10]:
        print(problem)
    print(f"{len(by_igraph)} owners, {sum(map(len, by_igraph.values()))} attributes compared")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
