"""The network of partners: who is linked with whom, and how alike the linked are."""

from __future__ import annotations

import math
from statistics import fmean
from typing import Any

import networkx as nx

from .council import Council
from .deal import Deal
from .pair import AXES

MOST_PARTNERS = 64
ROUNDING = 2.0**-26
"""Half the digits of a double: what is smaller, as a share, may be a remainder of sums."""


def partners(councils: list[Council], deals: list[Deal]) -> Any:
    """Return the network in which councils are linked that are in one signed deal."""
    graph = nx.Graph()
    graph.add_nodes_from(councils)
    for deal in deals:
        if deal.in_talks:
            continue
        for place, one in enumerate(deal.councils):
            for other in deal.councils[:place]:
                if max(graph.degree[one], graph.degree[other]) < MOST_PARTNERS:
                    graph.add_edge(one, other)
    return graph


def measure_network(councils: list[Council], deals: list[Deal]) -> dict[str, float]:
    """Return all measures of the network of partners."""
    graph = partners(councils, deals)
    links = list(graph.edges)
    groups = [len(group) for group in nx.connected_components(graph) if len(group) > 1]
    return {
        "trust": mean([one.pairs[o].trust for one, o in links if o in one.pairs]),
        "degree": mean([degree for _, degree in graph.degree]),
        "components": float(len(groups)),
        "largest": max(groups, default=0) / max(len(councils), 1),
        "clustering": clustering(graph),
        "alike_size": alike([(math.log(a.population), math.log(b.population)) for a, b in links]),
        "alike_tax": alike([(one.band_d, other.band_d) for one, other in links]),
        "alike_culture": without_remainder(
            fmean(
                alike([(one.culture[axis], other.culture[axis]) for one, other in links])
                for axis in range(AXES)
            )
        ),
        "alike_party": mean([one.control == other.control for one, other in links]),
        "partner_km": mean([math.hypot(a.x - b.x, a.y - b.y) for a, b in links]),
        "partner_adjacent": mean([o in one.pairs and one.pairs[o].touches for one, o in links]),
        "partner_county": mean([one.county == other.county for one, other in links]),
    }


def mean(values: list[float] | list[bool]) -> float:
    """Return the mean of some values, 0 of none."""
    return fmean(values) if values else 0.0


def clustering(graph: Any) -> float:
    """Return how often two partners of a council are partners themselves, over councils."""
    local = nx.clustering(graph)
    return mean([local[council] for council, degree in graph.degree if degree > 1])


def alike(links: list[tuple[float, float]]) -> float:
    """Return the correlation of a quantity over links, each counted both ways.

    Where the linked differ by nothing but what rounding leaves, it is 0.
    """
    both = [*links, *((b, a) for a, b in links)]
    if not both:
        return 0.0
    centre = fmean(a for a, _ in both)
    variance = fmean((a - centre) ** 2 for a, _ in both)
    if variance <= (ROUNDING * centre) ** 2:
        return 0.0
    return without_remainder(fmean((a - centre) * (b - centre) for a, b in both) / variance)


def without_remainder(index: float) -> float:
    """Return an index of -1 to 1, without what rounding has left beside -1, 0 or 1."""
    for end in (-1.0, 0.0, 1.0):
        if abs(index - end) <= ROUNDING:
            return end
    return index
