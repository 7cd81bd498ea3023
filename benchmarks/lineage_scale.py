"""What a walk over a million versions and five million edges costs, as the service answers it.

`python -m benchmarks.lineage_scale [--database sqlite|postgres] [--versions N]`

Each walk is one call of the service, with access, names, stages and aliases of every node; its CPU
time is this process's and that of its PostgreSQL session. Beside it: the same closure as one
recursive statement (UNION on nodes) that only finds ids, asks for no rights and names nothing.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.installation import installation
from benchmarks.machine import describe
from benchmarks.registry_scale import session, spent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.lineage_rows import LoadedGraph
    from core.actors import Actor

WALKS = 40
BUDGET = 50  # milliseconds of a closure, median


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options.add_argument("--versions", type=int, default=1_000_000)
    chosen = options.parse_args()
    print(f"machine: {describe()}\ndatabase: {chosen.database}", flush=True)
    with installation(chosen.database):
        from benchmarks.lineage_rows import load
        from lineage.models import Edge

        started = time.perf_counter()
        loaded = load(chosen.versions)
        seconds = time.perf_counter() - started
        edges = Edge.objects.count()
        print(f"{loaded.versions:,} versions, {edges:,} edges, loaded in {seconds:.0f} s")
        for line in measure(loaded):
            print(line, flush=True)


def measure(loaded: LoadedGraph) -> Iterator[str]:
    """Return the lines of a table: what walks of different reach cost two people."""
    yield "| walk | nodes p50 | CPU ms p50 | ms p50 | ms p95 |"
    yield "|---|---|---|---|---|"
    nodes = list(_nodes(loaded))
    for who, actor in (("administrator", loaded.administrator), ("member", loaded.member)):
        seen = [ref for ref in nodes if who == "administrator" or _may(ref)]
        for direction in ("upstream", "downstream"):
            for depth in (2, 5, 50):
                asked = [_measured(partial(_walk, actor, ref, direction, depth)) for ref in seen]
                yield _line(f"{direction}, depth {depth}, {who}", asked)
    for who, actor in (("administrator", loaded.administrator), ("member", loaded.member)):
        seen = [ref for ref in nodes if who == "administrator" or _may(ref)]
        asked = [_measured(partial(_reach, actor, ref)) for ref in seen]
        yield _line(f"reach upstream, no limit, {who}", asked)
    yield _line("the ids upstream alone, one recursive statement", list(_recursive(loaded)))


def _walk(actor: Actor, ref: str, direction: str, depth: int) -> int:
    from lineage.graph import explore

    return len(explore(actor, ref, direction=direction, depth=depth).nodes)


def _reach(actor: Actor, ref: str) -> int:
    from lineage.graph.reach import reach

    return reach(actor, ref, direction="upstream").total


def _nodes(loaded: LoadedGraph) -> Iterator[str]:
    """Yield references of versions in the second half of their projects."""
    from benchmarks.lineage_rows import MEMBER_OF, PROJECT, VERSIONS_OF_AN_ASSET, WORKSPACES

    chance = random.Random(3)  # noqa: S311 - a sample, no secret
    for turn in range(WALKS):
        project = chance.randrange(loaded.versions // PROJECT)
        if turn % 2:  # half of them in workspaces of the member
            project -= project % WORKSPACES - chance.randrange(MEMBER_OF)
        index = min(project * PROJECT + PROJECT // 2, loaded.versions - PROJECT // 2)
        index += chance.randrange(PROJECT // 2)
        asset, number = divmod(index, VERSIONS_OF_AN_ASSET)
        place = index // PROJECT % WORKSPACES
        yield f"team-{place:03}/model/model-{asset:06}/{number + 1}"


def _may(ref: str) -> bool:
    from benchmarks.lineage_rows import MEMBER_OF

    return int(ref[5:8]) < MEMBER_OF


def _recursive(loaded: LoadedGraph) -> Iterator[tuple[int, float, float]]:
    from django.db import connection

    from registry.queries.versions import resolve

    statement = (
        "WITH RECURSIVE up(id) AS (SELECT %s UNION SELECT source_id FROM lineage_edge"
        " JOIN up ON target_id = up.id) SELECT count(*) FROM up"
    )
    if connection.vendor == "postgresql":
        statement = statement.replace("SELECT %s", "SELECT CAST(%s AS bigint)")

    def ask(root: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, [root])
            return int(cursor.fetchone()[0])

    for ref in _nodes(loaded):
        root = resolve(loaded.administrator, ref).pk
        yield _measured(partial(ask, root))


def _measured(ask: Callable[[], int]) -> tuple[int, float, float]:
    """Return how many nodes one call met, and its CPU and wall seconds, the second time."""
    ask()
    backend = session()
    wall, cpu, there = time.perf_counter(), time.process_time(), spent(backend)
    met = ask()
    cost = time.process_time() - cpu + spent(backend) - there
    return met, cost, time.perf_counter() - wall


def _line(name: str, asked: list[tuple[int, float, float]]) -> str:
    def middle(values: Any) -> float:
        return float(statistics.median(values))

    walls = sorted(wall for _, _, wall in asked)
    return (
        f"| {name} | {middle([met for met, _, _ in asked]):,.0f}"
        f" | {middle([cpu for _, cpu, _ in asked]) * 1e3:.1f}"
        f" | {middle(walls) * 1e3:.1f} | {walls[int(len(walls) * 0.95)] * 1e3:.1f} |"
    )


if __name__ == "__main__":
    main()
