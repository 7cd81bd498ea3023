"""What the picture of a lineage graph costs: layout alone, and with the SVG.

`python -m benchmarks.lineage_layout [--nodes N] [--edges N] [--rounds N]`

The graph is made at random from a fixed seed: ten levels, one edge in five passes over others.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.machine import describe
from lineage.drawing.layout import lay_out
from lineage.drawing.shapes import Vertex

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET_MS = 50
LEVELS, LANES = 10, 5


def main() -> None:
    """Measure and print a line for each way to lay out."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--nodes", type=int, default=1_000)
    options.add_argument("--edges", type=int, default=1_350)
    options.add_argument("--rounds", type=int, default=21)
    chosen = options.parse_args()
    vertices, edges = graph(chosen.nodes, chosen.edges)
    print(f"machine: {describe()}\n{chosen.nodes} nodes, {chosen.edges} edges", flush=True)
    for name, has_lanes in (("one band", False), (f"{LANES} lanes", True)):

        def once(has_lanes: bool = has_lanes) -> None:
            lay_out(vertices, edges, has_lanes=has_lanes)

        report(name, once, chosen.rounds)


def graph(nodes: int, edges: int) -> tuple[list[Vertex], list[tuple[str, str]]]:
    """Return a graph of ten levels, the same one for the same numbers."""
    chance = random.Random(7)  # noqa: S311 (a graph to measure, no secret)
    levels = [chance.randrange(LEVELS) for _ in range(nodes)]
    at = [[each for each in range(nodes) if levels[each] == level] for level in range(LEVELS)]
    found: set[tuple[str, str]] = set()
    while len(found) < edges:
        source = chance.randrange(nodes)
        level = levels[source]
        if level == LEVELS - 1:
            continue
        step = 1 if chance.random() < 0.8 else chance.randrange(1, LEVELS - level)
        found.add((str(source), str(chance.choice(at[level + step]))))
    vertices = [
        Vertex(str(each), levels[each] - LEVELS // 2, f"workspace {each % LANES}", f"{each:04}")
        for each in range(nodes)
    ]
    return vertices, sorted(found)


def report(name: str, once: Callable[[], object], rounds: int) -> None:
    """Print the median and the best CPU time of ``once``."""
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        once()
        spent.append((time.process_time() - start) * 1_000)
    median = statistics.median(spent)
    verdict = "" if median <= TARGET_MS else f"  MISSES {TARGET_MS} ms"
    print(f"{name:12} p50 {median:6.1f} ms  best {min(spent):6.1f} ms{verdict}")


if __name__ == "__main__":
    main()
