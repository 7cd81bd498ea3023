"""What a request costs at a thousand versions and at a million, and how many queries it makes.

`python -m benchmarks.registry_scale [--database sqlite|postgres] [--assets N] [--versions N]`

Each request passes the whole stack in this process (middleware, token, access, rendering), so
that the CPU time is the server's alone; that of a PostgreSQL server is not in it, but its time
is in the p50.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.installation import installation
from benchmarks.machine import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.registry_rows import Loaded, Sizes

REPEATS = 30


@dataclass(frozen=True)
class Cost:
    """The median of what one request took: milliseconds, CPU milliseconds, queries."""

    wall: float
    cpu: float
    queries: int


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options.add_argument("--assets", type=int, default=100_000)
    options.add_argument("--versions", type=int, default=1_000_000)
    chosen = options.parse_args()
    print(f"machine: {describe()}\ndatabase: {chosen.database}", flush=True)
    with installation(chosen.database):
        from benchmarks.registry_rows import Sizes

        measure(Sizes(chosen.assets, chosen.versions))


def measure(sizes: Sizes) -> None:
    """Load ``sizes`` and print a line per request."""
    from benchmarks.registry_rows import load

    started = time.perf_counter()
    loaded = load(sizes)
    _analyse()
    seconds = time.perf_counter() - started
    print(f"{sizes.assets:,} assets, {sizes.versions:,} versions, loaded in {seconds:.0f} s")
    print(f"{'request':52}{'p50 ms':>9}{'CPU ms':>9}{'queries':>9}")
    for name, ask in requests(loaded, sizes):
        cost = _cost(ask)
        print(f"{name:52}{cost.wall:9.2f}{cost.cpu:9.2f}{cost.queries:9}", flush=True)


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _cost(ask: Callable[[], Any]) -> Cost:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    queries = len(captured)  # the next request clears the log
    walls, cpus = [], []
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        if sum(walls) > 10:
            break
    return Cost(statistics.median(walls) * 1e3, statistics.median(cpus) * 1e3, queries)


def requests(loaded: Loaded, sizes: Sizes) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield each request with its name."""
    from benchmarks.registry_requests import Asker

    member, newcomer = Asker(loaded.member), Asker(loaded.newcomer)
    yield "versions, first page of 50 (member of 20 of 200)", member.page("versions/")
    yield "versions, first page (member of one empty place)", newcomer.page("versions/")
    yield "versions of the hot asset, first page", member.page("versions/?name=hot&kind=model")
    yield "versions of the hot asset, page 40", member.later("versions/?name=hot&kind=model", 40)
    yield "versions by digest", member.page("versions/?digest=sha256:" + "0" * 64)
    yield "assets, first page", member.page("assets/")
    yield "assets of one workspace, first page", member.page("assets/?workspace=team-003")
    yield "assets by part of a name", member.page("assets/?search=model-0999")
    yield "version detail", member.page(f"versions/{loaded.last_version}/")
    yield "resolve by number", member.page(f"resolve/?ref=team-000/model/hot/{sizes.hot}")
    yield "resolve by alias", member.page("resolve/?ref=team-000/model/hot@newest")
    yield "moves of an alias", member.page("aliases/moves/?name=hot")
    yield "register a version of the hot asset", member.register("hot")
    yield "register a version of a new asset", member.register(None)
    yield "move an alias of the hot asset", member.move("hot")


if __name__ == "__main__":
    main()
