"""Whether the exports of a design say what its GraphML says.

check_export.py PROGRAM FILE.graphml [FORMAT ...]

Every format of `PROGRAM export` is written and read by its own rules, and compared with the GraphML
as NetworkX reads it: devices, links, rates, who is joined to whom. The FORMATs named must be refused
with exit code 1 and one sentence, all others must succeed."""

import csv
import json
import re
import subprocess
import sys
from collections import Counter

import networkx
import yaml


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


def bundles(edges):
    """Ends, kind and count of all bundles."""
    return Counter((frozenset((a, b)), data["interaction"], data["link_count"]) for a, b, data in edges)


def expect_apart(boxes, what):
    """No two boxes of (x, y) centres overlap, and all coordinates are finite numbers."""
    cells = Counter((round(x / 84), round(y / 24)) for x, y in boxes)
    expect(max(cells.values()), 1, f"{what}: devices on one spot")


def check_yed(design, path):
    graph = networkx.read_graphml(path, force_multigraph=True)
    expect(set(graph.nodes), set(design.nodes), "devices")
    expect(bundles(graph.edges(data=True)), bundles(design.edges.values()), "bundles")
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
    expect(found, bundles(design.edges.values()), "bundles")
    expect({int(e["link_gbps"]) for e in graph["edges"]}, {design.site["port_gbps"]}, "rates")
    expect_apart([[float(at) for at in node["pos"].split(",")] for node in graph["objects"]], "dot")


# ---- Simulators of packets ----


def link_ps(design, data):
    """One way, without the chassis at both ends."""
    site = design.site
    fiber = data["fiber"]
    per_mm = (
        site["copper_latency_fs_per_mm"]
        if fiber == "none"
        else site[f"fiber.{fiber}.latency_fs_per_mm"]
    )
    ends = sum(
        site[f"optic.{data[end]}.latency_ps"]
        for end in ("optic_a", "optic_b")
        if data[end] != "none"
    )
    return site["fec_latency_ps"] + ends + data["length_mm"] * per_mm // 1000


def packet_links(design):
    """Switches' links by their ends: Gb/s together and whole ns of the slowest."""
    links = {}
    for a, b, data in design.edges.values():
        if data["interaction"] not in ("trunk", "circuit"):
            continue
        passes = sum(design.nodes[end]["unit_latency_ps"] for end in (a, b))
        delay = -(-(link_ps(design, data) + passes // 2) // 1000)
        gbps, slowest = links.get(frozenset((a, b)), (0, 0))
        gbps += data["link_count"] * design.site["port_gbps"]
        links[frozenset((a, b))] = (gbps, max(slowest, delay))
    return links


def read_links(words, count):
    links = []
    for _ in range(count):
        a, b, rate, delay, error = (next(words) for _ in range(5))
        gbps = int(re.fullmatch(r"(\d+)Gbps", rate).group(1))
        links.append((int(a), int(b), gbps, int(re.fullmatch(r"(\d+)ns", delay).group(1))))
        expect(float(error), 0.0, "error rate")
    return links


def read_names(path):
    with open(path, encoding="utf-8") as stream:
        lines = [line.split() for line in stream if line.startswith("#")]
    return {int(number): name for _, number, name in lines}


def check_network(design, links, names, hosts):
    """Links of GPUs and switches, by the names of their numbers."""
    switches = {n: names[n] for n in names if n not in hosts}
    expect(set(switches.values()), set(design.of_kind("leaf", "spine", "super", "core")), "switches")
    expect(len(hosts), design.site["gpu_count"], "GPUs")
    found = {
        frozenset((names[a], names[b])): (gbps, delay)
        for a, b, gbps, delay in links
        if a not in hosts
    }
    expect(len(found), sum(a not in hosts for a, *_ in links), "one line for each two switches")
    expect(found, packet_links(design), "links of switches")
    check_gpus(design, [(names[a], names[b], *figures) for a, b, *figures in links if a in hosts])


def gpu_delays(design):
    """Of links from racks to leaves, whole ns."""
    delays = {}
    for a, b, data in design.edges.values():
        if data["interaction"] == "access":
            passes = sum(design.nodes[end]["unit_latency_ps"] for end in (a, b))
            delays[frozenset((a, b))] = -(-(link_ps(design, data) + passes // 2) // 1000)
    return delays


def check_gpus(design, links):
    """Each GPU has a link in each plane, to a leaf of its rail; bundles have what they have."""
    bundles_found, planes, delays = Counter(), Counter(), gpu_delays(design)
    for gpu, leaf, gbps, delay in links:
        rack, index = gpu.rsplit("-gpu", 1)
        expect(gbps, design.site["port_gbps"], "rate of a GPU's link")
        expect(delay, delays[frozenset((rack, leaf))], "delay of a GPU's link")
        bundles_found[rack, leaf] += 1
        planes[gpu, design.nodes[leaf]["plane"]] += 1
        if design.site["rail_count"] > 1:
            expect(int(index) % design.site["rail_count"], design.nodes[leaf]["rail"], "rail")
    expect(set(planes.values()), {1}, "links of a GPU in a plane")
    expect(len(planes), design.site["gpu_count"] * design.planes, "GPUs in planes")
    wanted = Counter()
    for a, b, data in design.edges.values():
        if data["interaction"] == "access":
            rack, leaf = (a, b) if design.nodes[a]["kind"] == "rack" else (b, a)
            wanted[rack, leaf] += data["link_count"]
    expect(bundles_found, wanted, "access bundles")


def check_ns3(design, path):
    with open(path, encoding="utf-8") as stream:
        words = iter(stream.read().split())
    nodes, switches, links = (int(next(words)) for _ in range(3))
    ids = [int(next(words)) for _ in range(switches)]
    names = read_names(path)
    expect(set(names), set(range(nodes)), "numbers")
    check_network(design, read_links(words, links), names, set(range(nodes)) - set(ids))


def check_simai(design, path):
    with open(path, encoding="utf-8") as stream:
        words = iter(stream.read().split())
    nodes, per_server, nvswitches, switches, links = (int(next(words)) for _ in range(5))
    expect(next(words), "NONE", "GPU type")
    ids = [int(next(words)) for _ in range(nvswitches + switches)]
    gpus = nodes - nvswitches - switches
    expect(ids, list(range(gpus, nodes)), "order of the numbers")
    expect(per_server, design.site["scale_up_domain_gpus"], "GPUs of a domain")
    names = read_names(path)
    read = read_links(words, links)
    inside = [link for link in read if gpus <= link[1] < gpus + nvswitches]
    wanted = [(i, gpus + i // per_server) for i in range(gpus)]
    expect([link[:2] for link in inside], wanted, "links of scale-up")
    expect({link[2] for link in inside}, {design.site["scale_up_gbps_per_gpu"]}, "scale-up rate")
    check_network(design, [link for link in read if link not in inside], names, set(range(gpus)))


# ---- Networks told by a few numbers ----


def networks_of(design):
    """The switches of each network as a graph of links, with GPUs as hosts of leaves."""
    graph = networkx.Graph()
    for a, b, data in design.edges.values():
        if data["interaction"] == "access":
            leaf = b if design.nodes[a]["kind"] == "rack" else a
            graph.add_node(leaf)
            graph.nodes[leaf]["hosts"] = graph.nodes[leaf].get("hosts", 0) + data["link_count"]
        elif data["interaction"] != "ocs_leg":
            links = graph.edges[a, b]["links"] if graph.has_edge(a, b) else 0
            graph.add_edge(a, b, links=links + data["link_count"])
    return [graph.subgraph(part) for part in networkx.connected_components(graph)]


def fingerprint(graph):
    """Equal for networks that are alike: hosts of leaves, links of bundles, who is by whom."""
    labelled = graph.copy()
    for _, data in labelled.nodes(data=True):
        data["label"] = str(data.get("hosts", 0))
    for *_, data in labelled.edges(data=True):
        data["label"] = str(data["links"])
    return networkx.weisfeiler_lehman_graph_hash(labelled, edge_attr="label", node_attr="label")


def read_topo(path):
    """As htsim reads it: words in lines, tiers behind the header."""
    header, tiers, current = {}, [], None
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            key, value = words[0].lower(), int(words[1])
            if key == "tier":
                current = {"bundle": 1, "oversubscribed": 1}
                tiers.append(current)
                expect(value, len(tiers) - 1, "number of a tier")
            else:
                (header if current is None else current)[key] = value
    return header, tiers


def fat_tree(header, tiers):
    """The graph that htsim wires for it."""
    graph, nodes = networkx.Graph(), header["nodes"]
    pods = nodes // header["podsize"]
    expect(header["podsize"] % tiers[0]["radix_down"], 0, "whole leaves in a pod")
    tors = header["podsize"] // tiers[0]["radix_down"]
    uplinks = nodes // tiers[0]["oversubscribed"]
    aggs = uplinks // (pods * tiers[1]["radix_down"])
    expect(aggs * tiers[1]["bundle"], tiers[0]["radix_up"], "uplinks of a leaf")
    for tor in range(tors * pods):
        graph.add_node(("tor", tor), hosts=tiers[0]["radix_down"])
        for agg in range(aggs):
            up = ("agg", tor // tors * aggs + agg)
            graph.add_edge(("tor", tor), up, links=tiers[1]["bundle"])
    if len(tiers) > 2:
        for agg in range(aggs * pods):
            for i in range(tiers[1]["radix_up"] // tiers[2]["bundle"]):
                core = ("core", agg % aggs + aggs * i)
                graph.add_edge(("agg", agg), core, links=tiers[2]["bundle"])
        cores = uplinks // tiers[1]["oversubscribed"] // tiers[2]["radix_down"]
        expect(sum(kind == "core" for kind, _ in graph), cores, "cores")
    return graph


def check_htsim(design, path):
    header, tiers = read_topo(path)
    expect(len(tiers), header["tiers"], "tiers")
    for index, tier in enumerate(tiers):
        expect(tier["downlink_speed_gbps"], design.site["port_gbps"], "rate")
        expect(tier["downlink_latency_ns"] > 0, True, "a delay")
        expect("radix_up" in tier, index + 1 < len(tiers), "ports up")
    wired = fat_tree(header, tiers)
    for network in networks_of(design):
        expect(len(wired), len(network), "switches")
        hosts = [sum(d.get("hosts", 0) for _, d in g.nodes(data=True)) for g in (wired, network)]
        expect(hosts, [header["nodes"]] * 2, "hosts")
        expect(fingerprint(wired), fingerprint(network), "the network that htsim wires")


def check_astra_sim(design, path):
    with open(path, encoding="utf-8") as stream:
        data = yaml.safe_load(stream)
    counts, rates, delays = data["npus_count"], data["bandwidth"], data["latency"]
    expect(sorted(data), ["bandwidth", "latency", "npus_count", "topology"], "keys")
    expect({len(column) for column in data.values()}, {len(counts)}, "dimensions")
    expect(set(data["topology"]) <= {"Switch", "FullyConnected"}, True, "building blocks")
    expect(all(isinstance(n, int) and n > 1 for n in counts), True, "NPUs of a dimension")
    product = 1
    for count in counts:
        product *= count
    expect(product, design.site["gpu_count"], "NPUs")
    expect(all(at > 0 for at in rates + delays), True, "rates and delays above 0")
    domain = design.site["scale_up_domain_gpus"]
    if domain > 1:
        expect([counts[0], rates[0]], [domain, design.site["scale_up_gbps_per_gpu"] / 8], "scale-up")
    meshed = data["topology"].count("FullyConnected")
    expect(meshed, int("peer" in kinds_of(design)), "meshes")
    if meshed:
        check_astra_mesh(design, counts[-1], rates[-1])
    else:
        check_astra_clos(design, rates[-1], delays[-1])


def kinds_of(design):
    return {
        "peer" if design.nodes[a]["kind"] == design.nodes[b]["kind"] else "up"
        for a, b, data in design.edges.values()
    }


def check_astra_clos(design, rate, delay):
    """What is left of a NIC behind the leaves (cores take all that spines send), and the longest
    path in two links."""
    over = 2 * delay - design.site["latency_ps_max"] / 1000
    expect(over < 2, True, "a path no longer than the longest")
    pods = {design.nodes[name]["pod"] for name in design.of_kind("leaf")}
    if design.site["rail_count"] == 1 and (len(pods) > 1 or not design.of_kind("core")):
        expect(over >= 0, True, "the longest path, which turns at the top")
    leaf = design.nodes[design.of_kind("leaf")[0]]
    up, down = leaf["up_port_count"], leaf["down_port_count"]
    left = min(up / down, 1) if up else 1
    expect(round(rate, 6), round(design.site["nic_gbps"] / 8 * left, 6), "rate behind the leaves")


def check_astra_mesh(design, blocks, rate):
    """A GPU's share of the links from its block to another one."""
    peers, inside = Counter(), networkx.Graph()
    for a, b, data in design.edges.values():
        if data["interaction"] in ("trunk", "circuit"):
            if design.nodes[a]["kind"] != design.nodes[b]["kind"]:
                inside.add_edge(a, b)
    inside.add_nodes_from(design.of_kind("leaf"))
    block_of = {n: i for i, part in enumerate(networkx.connected_components(inside)) for n in part}
    for a, b, data in design.edges.values():
        if data["interaction"] in ("trunk", "circuit") and design.nodes[a]["kind"] == (
            design.nodes[b]["kind"]
        ):
            peers[frozenset((block_of[a], block_of[b]))] += data["link_count"]
    expect(blocks, len(set(block_of.values())) // design.planes, "blocks")
    gpus = design.site["gpu_count"] / blocks
    links = set(peers.values()).pop() * design.planes
    expect(round(rate, 6), round(links * design.site["port_gbps"] / gpus / 8, 6), "rate of a pair")


# ---- Lists of devices and cables ----


def ports_of(text):
    """ "5-12", "1-25/8", "7" as the schedule of cables writes them."""
    first, _, rest = text.partition("-")
    last, _, step = rest.partition("/")
    return list(range(int(first), int(last or first) + 1, int(step or 1)))


def end_of(design, device, port):
    """A port of the schedule as device and interface."""
    node = design.nodes[device]
    if node["kind"] != "rack":
        return device, f"eth{port}"
    plane, gpu = divmod(port - 1, node["gpu_count"])
    size = design.site["gpus_per_server"]
    return f"{device}-s{gpu // size}", f"eth{plane * size + gpu % size + 1}"


def scheduled(design):
    """Ends of all bundles of cords as the schedule of cables has them; OCS have sides."""
    ends = {}
    with open(design.path.replace(".graphml", ".cables.csv"), encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            sides = []
            for side in ("a", "b"):
                device, ports = row[f"{side}_device"], row[f"{side}_ports"]
                if design.nodes[device]["kind"] == "ocs":
                    names = [(device, f"{p[0]}{n}") for p in ports.split() for n in ports_of(p[1:])]
                else:
                    names = [end_of(design, device, port) for port in ports_of(ports)]
                sides.append(frozenset(names))
            ends[row["cable_id"]] = tuple(sides)
    return ends


def owner(design, device):
    return device if device in design.nodes else device.rsplit("-s", 1)[0]


def check_ends(design, links, kinds):
    """Every end is used once, and bundles have the ports of the schedule."""
    used = Counter(end for link in links for end in link)
    expect(max(used.values()), 1, "links of an interface")
    by_bundle = {}
    for a, b in links:
        key = owner(design, a[0]), owner(design, b[0])
        sides = by_bundle.setdefault(key, (set(), set()))
        sides[0].add(a)
        sides[1].add(b)
    ends = scheduled(design)
    for (a, b), sides in by_bundle.items():
        wanted = ends.get(f"{a}--{b}")
        if wanted:
            expect((frozenset(sides[0]), frozenset(sides[1])), wanted, f"ports of {a}--{b}")
    counts = Counter()
    for a, b, data in design.edges.values():
        if data["interaction"] in kinds:
            counts[frozenset((a, b))] += data["link_count"]
    found = Counter(frozenset((owner(design, a[0]), owner(design, b[0]))) for a, b in links)
    expect(found, counts, "links of bundles")


def servers_of(design):
    return {
        f"{rack}-s{i}"
        for rack in design.of_kind("rack")
        for i in range(design.nodes[rack]["server_count"])
    }


def check_containerlab(design, path):
    with open(path, encoding="utf-8") as stream:
        lab = yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    expect(sorted(lab), ["name", "topology"], "keys")
    nodes = lab["topology"]["nodes"]
    switches = design.of_kind("leaf", "spine", "super", "core")
    expect(set(nodes), servers_of(design) | set(switches), "containers")
    expect({node["kind"] for node in nodes.values()}, {"linux"}, "kinds")
    expect(isinstance(lab["topology"]["kinds"]["linux"]["image"], str), True, "image")
    links = []
    for link in lab["topology"]["links"]:
        ends = [tuple(end.split(":")) for end in link["endpoints"]]
        expect(len(ends), 2, "ends of a link")
        for device, port in ends:
            expect(device in nodes, True, f"{device} among the containers")
            expect(bool(re.fullmatch(r"eth[1-9]\d*", port)), True, f"interface {port}")
        links.append(tuple(ends))
    has_ocs = bool(design.of_kind("ocs"))
    kinds = ("access", "trunk", "circuit") if has_ocs else ("access", "trunk")
    check_ends(design, links, kinds)
    if has_ocs:
        legs = {a: set() for a in switches}
        for bundle, (side, _) in scheduled(design).items():
            if "-ocs" in bundle:
                legs[bundle.split("--")[0]] |= side
        for a, b in links:
            if owner(design, a[0]) == a[0] and design.nodes[a[0]]["kind"] == (
                design.nodes[b[0]]["kind"]
            ):
                for device, port in (a, b):
                    expect((device, port) in legs[device], True, f"{device} {port} at an OCS")


def read_csv(path, wanted):
    with open(path, encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    expect(list(rows[0]), wanted, "columns")
    return rows


def slot_name(design, node):
    return "row{:03d}-{:03d}".format(*divmod(node["slot"], design.site["racks_per_row"]))


def check_netbox_racks(design, path):
    rows = read_csv(path, ["site", "name", "status", "width", "u_height"])
    expect([row["name"] for row in rows],
           sorted({slot_name(design, node) for node in design.nodes.values()}), "racks")
    expect({row["u_height"] for row in rows}, {str(design.site["slot_rack_units"])}, "height")


def check_netbox_devices(design, path):
    columns = ["name", "role", "manufacturer", "device_type", "site", "rack", "status"]
    rows = read_csv(path, columns)
    expect(all(all(row.values()) for row in rows), True, "no empty field")
    wanted = {name: node for name, node in design.nodes.items() if node["kind"] != "rack"}
    wanted |= {name: design.nodes[owner(design, name)] for name in servers_of(design)}
    expect({row["name"]: row["rack"] for row in rows},
           {name: slot_name(design, node) for name, node in wanted.items()}, "devices' racks")
    for row in rows:
        kind = wanted[row["name"]]["kind"]
        expect(row["role"], "server" if kind == "rack" else kind, "role")
        model = "gpu-server" if kind == "rack" else wanted[row["name"]]["catalog_id"]
        expect(row["device_type"], model, "model")


def check_netbox_interfaces(design, path):
    rows = read_csv(path, ["device", "name", "type"])
    found = {(row["device"], row["name"]) for row in rows}
    expect(len(found), len(rows), "interfaces, each once")
    expect(found, {end for sides in scheduled(design).values() for side in sides for end in side},
           "ports of the schedule of cables")
    port = {100: "100gbase-x-qsfp28", 200: "200gbase-x-qsfp56", 400: "400gbase-x-osfp",
            800: "800gbase-x-osfp", 1600: "1.6tbase-x-osfp1600"}[design.site["port_gbps"]]
    for row in rows:
        is_ocs = design.nodes[owner(design, row["device"])]["kind"] == "ocs"
        expect(row["type"], "other" if is_ocs else port, "type")


def check_netbox_cables(design, path):
    sides = [f"side_{side}_{what}" for side in "ab" for what in ("device", "type", "name")]
    rows = read_csv(path, sides + ["type", "status", "label", "length", "length_unit"])
    expect({row["side_a_type"] for row in rows} | {row["side_b_type"] for row in rows},
           {"dcim.interface"}, "types of ends")
    links = [((row["side_a_device"], row["side_a_name"]), (row["side_b_device"], row["side_b_name"]))
             for row in rows]
    check_ends(design, links, ("access", "trunk", "ocs_leg"))
    known = {"smf", "smf-os2", "dac-active", "dac-passive"}
    expect({row["type"] for row in rows} <= known, True, "types of cables")
    expect({row["length_unit"] for row in rows}, {"m"}, "unit")
    expect(len({row["label"] for row in rows}), len(rows), "labels, each once")
    stock = {key: data["stock_mm"] for key, (_, _, data) in design.edges.items()}
    for row in rows:
        bought = stock[row["label"].rsplit(".", 1)[0]]
        expect(0 <= float(row["length"]) * 1000 - bought < 10, True, f"length of {row['label']}")


# ---- Lines between halls ----


def hall_of(design, name):
    row, rack = divmod(design.nodes[name]["slot"], design.site["racks_per_row"])
    for area in design.site["halls"].split() if design.site["halls"] != "none" else []:
        hall, first, last, every, left, right, _ = area.split(":")
        if int(first) <= row <= int(last) and (row - int(first)) % int(every) == 0:
            if int(left) <= rack <= int(right):
                return hall
    return None


def are_apart(design, a, b):
    halls = hall_of(design, a), hall_of(design, b)
    return None not in halls and halls[0] != halls[1]


def lines_between(design):
    """Loss in dB of the lines that run between halls, by their edges."""
    lines = {}
    for key, (a, b, data) in design.edges.items():
        kind = data["interaction"]
        via = data["via"]
        if kind == "circuit" and (are_apart(design, a, via) or are_apart(design, via, b)):
            lines[key] = data["loss_mdb"] / 1000
        if kind in ("access", "trunk") and data["fiber"] != "none" and are_apart(design, a, b):
            lines[key] = data["loss_mdb"] / 1000
    return lines


def check_gnpy(design, path):
    with open(path, encoding="utf-8") as stream:
        network = json.load(stream)
    elements = {element["uid"]: element for element in network["elements"]}
    expect(len(elements), len(network["elements"]), "elements, each once")
    expect({e["type"] for e in elements.values()} <= {"Transceiver", "Fiber", "Fused"}, True, "types")
    after, before = {}, {}
    for connection in network["connections"]:
        a, b = connection["from_node"], connection["to_node"]
        expect(a in elements and b in elements, True, "ends of a connection")
        expect(a in after or b in before, False, "one way through an element")
        after[a], before[b] = b, a
    found = {}
    for uid, element in elements.items():
        expect(sorted(element["metadata"]["location"]),
               ["city", "latitude", "longitude", "region"], "location")
        if element["type"] == "Transceiver":
            loss, at = 0, after[uid]
            while elements[at]["type"] != "Transceiver":
                loss += loss_of(elements[at])
                at = after[at]
            found.setdefault(uid.split()[2], []).append(loss)
    wanted = lines_between(design)
    expect(set(found), set(wanted), "lines")
    for key, losses in found.items():
        expect(len(losses), 2, "ways of a line")
        expect(max(abs(loss - wanted[key]) for loss in losses) < 0.003, True, f"loss of {key}")


def loss_of(element):
    params = element["params"]
    if element["type"] == "Fused":
        return params["loss"]
    expect([element["type_variety"], params["length_units"]], ["SSMF", "km"], "fiber")
    return params["length"] * params["loss_coef"] + params["con_in"] + params["con_out"]


CHECKS = {
    "yed": check_yed,
    "json": check_json,
    "dot": check_dot,
    "ns3": check_ns3,
    "simai": check_simai,
    "astra-sim": check_astra_sim,
    "htsim": check_htsim,
    "containerlab": check_containerlab,
    "netbox-racks": check_netbox_racks,
    "netbox-devices": check_netbox_devices,
    "netbox-interfaces": check_netbox_interfaces,
    "netbox-cables": check_netbox_cables,
    "gnpy": check_gnpy,
}


def export(program, design, name, *options):
    arguments = [program, "export", design.path, "--to", name, *options]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def run(program, design, name, is_refused):
    path = f"{design.path}.{name}"
    if not is_refused and name != "dot":
        written = export(program, design, name, "-o", path)
        expect(written.returncode, 0, f"exit code ({written.stderr})")
        return check_file(design, name, path)
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
    return check_file(design, name, path)


def check_file(design, name, path):
    with open(path, encoding="utf-8", newline="") as stream:
        found = re.search(r"\b(nan|inf)\b", stream.read(), re.IGNORECASE)
    expect(found, None, "NaN or Inf")
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
        except Exception as problem:  # any is a failed check, and the next format is checked too
            print(f"{name}: FAILED: {type(problem).__name__}: {problem}")
            failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
