"""All-pairs travel matrix beside networkx: hours and kilometres of all fastest ways.

The network of the reference files, and a made-up one of 2,000 nodes, for which the aim holds.
networkx is also asked for the hours alone, which is less work than ours. Both must find the same
hours and, on a sample of starts, the same kilometres. Each run has a process of its own, the
engines take turns.
"""

from __future__ import annotations

import csv
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path

import networkx as nx
import numpy as np
from report import Aim, Measured, Row

from core.places.distance import Link, Stretch, TravelMatrix, Vehicle, stretches_for, travel_matrix

DATA = Path(__file__).resolve().parents[2] / "core/places/data"
CLASSES = ("exp", "mix", "nat", "mtn", "urb")
LORRY = Vehicle(
    code="lorry", payload_t=10, gross_t=18, loading_hours=2, speed_factors=dict.fromkeys(CLASSES, 1)
)
NODES = 2_000
NEIGHBOURS = 3
CHECKED_STARTS = 20
SAME = 1e-9
REPEATED_NODES = 1_000  # a run too short to time alone is repeated
AIM = 10.0

Network = tuple[int, list[Stretch]]


def measure(*, size: int = NODES, rounds: int = 3) -> Measured:
    """Time both engines on both networks, in a process of their own each, and compare them."""
    rows: list[Row] = []
    disagreements: list[str] = []
    ratio = 0.0
    for case, network in (("files", _network_of_files()), ("made up", _made_up(size))):
        name = f"{case}, {network[0]} nodes, {len(network[1])} links"
        found = [
            {engine: _alone(run, network) for engine, run in ENGINES.items()} for _ in range(rounds)
        ]
        for engine in ENGINES:
            median = statistics.median(one[engine][0] for one in found)
            rows.append(Row(name, engine, median))
            rows.append(
                Row(name, f"{engine}: memory on top", max(one[engine][1] for one in found), "MB")
            )
        ratio = statistics.median(one[PEER][0] / one[OURS][0] for one in found)
        rows.append(Row(name, "networkx ÷ ours", ratio, "×"))
        disagreements += [f"{name}: {one}" for one in _differences(network)]
    return Measured(rows, (Aim("places.matrix_vs_networkx", ratio, AIM),), disagreements)


def _network_of_files() -> Network:
    codes = [row["code"] for row in _rows("road_nodes")]
    links = [
        Link(
            codes.index(row["start"]),
            codes.index(row["end"]),
            float(row["km"]),
            float(row["truck_hours"]),
            row["road_class"],
            float(row["waiting_hours"]),
            float(row["max_gross_t"]) if row["max_gross_t"] else None,
        )
        for row in _rows("road_links")
        if row["status"] == "open"
    ]
    return len(codes), _fastest(stretches_for(LORRY, links=links))


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _made_up(size: int) -> Network:
    """Places at random in a long country, each joined to its nearest ones and to the next one."""
    random = np.random.default_rng(20261122)
    at = random.random((size, 2)) * (300, 1_600)
    at = at[np.argsort(at[:, 1])]
    links = []
    for here in range(size):
        km = np.hypot(*(at - at[here]).T)
        for there in {*np.argsort(km)[1 : NEIGHBOURS + 1].tolist(), min(here + 1, size - 1)} - {
            here
        }:
            length = max(float(km[there]), 0.5) * float(random.uniform(1.1, 1.6))
            links.append(Link(here, there, length, length / float(random.uniform(25, 62))))
    return size, _fastest(stretches_for(LORRY, links=links))


def _fastest(stretches: Iterable[Stretch]) -> list[Stretch]:
    """One stretch for each pair, the faster one: networkx's plain graph keeps only one."""
    best: dict[tuple[int, int], Stretch] = {}
    for one in stretches:
        pair = min(one.start, one.end), max(one.start, one.end)
        if pair not in best or one.hours < best[pair].hours:
            best[pair] = one
    return list(best.values())


def _ours(network: Network) -> TravelMatrix:
    nodes, stretches = network
    return travel_matrix(range(nodes), stretches=stretches)


def _graph(network: Network) -> nx.Graph:
    nodes, stretches = network
    graph = nx.Graph()
    graph.add_nodes_from(range(nodes))
    for one in stretches:
        graph.add_edge(one.start, one.end, hours=one.hours, km=one.km)
    return graph


def _hours_alone(network: Network) -> dict[int, dict[int, float]]:
    return dict(nx.all_pairs_dijkstra_path_length(_graph(network), weight="hours"))


def _hours_and_km(network: Network) -> dict[int, tuple[dict[int, float], dict[int, float]]]:
    """As one would with networkx: hours, and kilometres summed along the ways it found."""
    graph = _graph(network)
    found = {}
    for start in graph:
        before, hours = nx.dijkstra_predecessor_and_distance(graph, start, weight="hours")
        km = {start: 0.0}
        for node in hours:  # nearer ones come first
            if before[node]:
                km[node] = km[before[node][0]] + graph.edges[before[node][0], node]["km"]
        found[start] = hours, km
    return found


OURS, PEER = "ours: hours, km, ferry hours", "networkx: hours and km"
ENGINES: dict[str, Callable[[Network], object]] = {
    OURS: _ours,
    PEER: _hours_and_km,
    "networkx: hours alone": _hours_alone,
}


def _alone(solve: Callable[[Network], object], network: Network) -> tuple[float, float]:
    """Return (seconds, MB of memory on top) of one run in a fresh process."""
    context = multiprocessing.get_context("fork")
    out, into = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(solve, network, into))
    child.start()
    seconds, mb = out.recv()
    child.join()
    return seconds, mb


def _child(solve: Callable[[Network], object], network: Network, into: Connection) -> None:
    for _ in range(3):  # what is loaded on first use belongs to neither
        solve((3, [Stretch(0, 1, 1.0, 1.0), Stretch(1, 2, 1.0, 1.0, 0.5)]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = []
    for _ in range(max(1, REPEATED_NODES // network[0])):
        began = time.perf_counter()
        kept = solve(network)
        times.append(time.perf_counter() - began)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    del kept
    into.send((statistics.median(times), (after - before) / 1024))


def _differences(network: Network) -> list[str]:
    matrix, graph = _ours(network), _graph(network)
    starts = np.linspace(0, network[0] - 1, min(CHECKED_STARTS, network[0])).astype(int).tolist()
    found: list[str] = []
    for start in starts:
        hours, paths = nx.single_source_dijkstra(graph, start, weight="hours")
        peer = np.array([hours.get(end, np.inf) for end in range(network[0])])
        wrong = np.flatnonzero(~np.isclose(matrix.hours[start], peer, rtol=0, atol=SAME))
        found += [f"hours {start} → {end}" for end in wrong]
        for end, path in paths.items():
            km = sum(graph.edges[pair]["km"] for pair in pairwise(path))
            if abs(matrix.km[start, end] - km) > SAME * max(km, 1.0):
                found.append(f"km {start} → {end}")
    return found[:5]
