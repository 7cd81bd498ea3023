"""What a request costs at a thousand versions and at a million, and how many queries it makes.

`python -m benchmarks.registry_scale [--database sqlite|postgres] [--assets N] [--versions N]`

Each request passes the whole stack in this process (middleware, token, access, rendering), so
that the CPU time is the server's alone; to it is added what the session of a PostgreSQL server
spent. Three people ask: an administrator, a member of 20 of 200 workspaces of which one holds half
of the assets, and a member of a single empty one.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.installation import installation
from benchmarks.machine import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.registry_rows import Loaded, Sizes

REPEATS = 20
ENOUGH = 3  # seconds on one request


@dataclass(frozen=True)
class Cost:
    """The median of what one request took: CPU milliseconds, milliseconds, queries."""

    cpu: float
    wall: float
    queries: int

    def __str__(self) -> str:
        return f"{self.cpu:.1f} / {self.wall:.1f} / {self.queries}"


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options.add_argument("--assets", type=int, default=100_000)
    options.add_argument("--versions", type=int, default=1_000_000)
    chosen = options.parse_args()
    print(f"machine: {describe()}\ndatabase: {chosen.database}", flush=True)
    with installation(chosen.database):
        from benchmarks.registry_rows import Sizes, load

        started = time.perf_counter()
        sizes = Sizes(chosen.assets, chosen.versions)
        loaded = load(sizes)
        seconds = time.perf_counter() - started
        print(f"{sizes.assets:,} assets, {sizes.versions:,} versions, loaded in {seconds:.0f} s")
        for line in measure(loaded, sizes):
            print(line, flush=True)


def measure(loaded: Loaded, sizes: Sizes) -> Iterator[str]:
    """Return the lines of a table: what each request costs each of three people."""
    from benchmarks.registry_requests import Asker
    from benchmarks.registry_rows import BIG, HOT, SMALL
    from registry.models import AssetVersion

    people = (
        Asker("administrator", loaded.administrator, place=BIG),
        Asker("member", loaded.member, place=BIG),
        Asker("newcomer", loaded.newcomer, place=SMALL),
    )
    yield "CPU ms / p50 ms / queries"
    yield "| request | administrator | member | member of an empty one |"
    yield "|---|---|---|---|"
    asked = [person.reads() for person in people]
    for name in asked[0]:
        yield f"| {name} | " + " | ".join(str(_cost(each[name])) for each in asked) + " |"
    last = AssetVersion.objects.select_related("asset").filter(asset__name=HOT).latest("number")
    keys = str(last.uuid), str(last.asset.uuid), sizes.hot
    for name in (details := [person.details(*keys) for person in people[:2]])[0]:
        yield f"| {name} | " + " | ".join(str(_cost(each[name])) for each in details) + " | |"
    for name, ask in people[1].writes().items():
        yield f"| {name} | | {_cost(ask)} | |"


def _cost(ask: Callable[[], Any]) -> Cost:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    queries = len(captured)  # the next request clears the log
    session = database_session()
    walls, cpus = [], []
    for _ in range(REPEATS):
        wall, cpu, there = time.perf_counter(), time.process_time(), spent(session)
        ask()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu + spent(session) - there)
        if sum(walls) > ENOUGH:
            break
    return Cost(statistics.median(cpus) * 1e3, statistics.median(walls) * 1e3, queries)


def database_session() -> Path | None:
    """Return where the system tells what the process of our PostgreSQL session has spent."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return Path(f"/proc/{cursor.fetchone()[0]}/schedstat")


def spent(session: Path | None) -> float:
    """Return the CPU seconds of a session so far."""
    return int(session.read_text().split()[0]) / 1e9 if session else 0.0


if __name__ == "__main__":
    main()
