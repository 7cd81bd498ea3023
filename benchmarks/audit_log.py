"""What the transparency log costs: writing, placing, signing, proving, verifying.

    python -m benchmarks.audit_log [--database sqlite|postgres] [--entries N] [--seconds S]

Writing: processes register versions through the service's own verb, once as it is, once with the
journal left out, in turns (only here can it be left out); the ratio is what the record costs a
writer. Placing and signing are counted in processor seconds of the worker, and of PostgreSQL's
session beside it; a server that the measurement starts for itself vacuums nothing and knows no
statistics, which is the worst case. Verifying is the stranger's script over an export.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import machine
from benchmarks.installation import installation
from benchmarks.openlineage_ingest import server_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WRITERS = 8
ROUNDS = 3
BATCH = 5_000
PROOFS = 200
TARGETS = {"overhead": 0.15, "sequenced": 40_000, "verified": 200_000, "proof_ms": 2.0}


def journal_events(count: int) -> list[Any]:
    """Return events of the size that the registry's have, about 600 bytes each."""
    from core.canonical import sha256
    from core.events import AccessWasDenied

    text = "the reason that somebody gave for a change, as long as people write them"
    return [
        AccessWasDenied(
            subject=f"bench/model/name-{number}/{number}",
            digest=sha256(b"%d" % number),
            permission="register_version",
            reason=text,
            before={"alias": "production", "number": number},
            after={"alias": "production", "number": number + 1},
        )
        for number in range(count)
    ]


@contextmanager
def without_journal() -> Iterator[None]:
    """Leave the journal out of every verb of this process."""
    from core import journal

    kept = vars(journal)["insert_all"]
    vars(journal)["insert_all"] = lambda rows, **_: list(rows)
    try:
        yield
    finally:
        vars(journal)["insert_all"] = kept


def write(number: int, seconds: float, *, is_journalled: bool, told: Any) -> None:
    """Register versions for some time, and tell how long each took."""
    import django

    django.setup()
    from contextlib import nullcontext

    from core.actors import Actor, Via
    from core.models import User
    from registry.services import versions

    actor = Actor(User.objects.get(username="bench"), Via.COMMAND)
    taken, end = [], time.perf_counter() + seconds
    with nullcontext() if is_journalled else without_journal():
        while (start := time.perf_counter()) < end:
            versions.register(
                actor=actor,
                workspace="bench",
                kind="prompt",
                name=f"prompt-{number}",
                spec={"type": "text", "template": f"{number} {start}", "variables": {}},
            )
            taken.append(time.perf_counter() - start)
    told.put(taken)


def rate(seconds: float, *, writers: int, is_journalled: bool) -> tuple[float, float]:
    """Return registrations a second of all writers, and the 99th percentile in milliseconds."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    processes = [
        context.Process(
            target=write,
            args=(number, seconds),
            kwargs={"is_journalled": is_journalled, "told": told},
        )
        for number in range(writers)
    ]
    for process in processes:
        process.start()
    taken = [each for _ in processes for each in told.get()]
    for process in processes:
        process.join()
    return len(taken) / seconds, statistics.quantiles(taken, n=100)[-1] * 1000


def measure_writing(seconds: float) -> None:
    """Print what the journal costs those who write."""
    from core.actors import Actor, Via
    from core.models import User
    from registry.services import workspaces

    user = User.objects.create_superuser("bench")
    workspaces.create(
        actor=Actor(user, Via.COMMAND), slug="bench", title="Bench", stage="development"
    )
    rates: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(ROUNDS):
        for is_journalled in (turn % 2 == 0, turn % 2 == 1):
            found, slow = rate(seconds, writers=WRITERS, is_journalled=is_journalled)
            rates[is_journalled].append(found)
            name = "with the journal" if is_journalled else "without"
            print(f"  {WRITERS} writers {name}: {found:,.0f} registrations/s, p99 {slow:,.0f} ms")
    cost = 1 - statistics.median(rates[True]) / statistics.median(rates[False])
    print(f"  overhead {cost:.1%} (target at most {TARGETS['overhead']:.0%} on PostgreSQL)")


def write_entries(count: int) -> None:
    """Write entries that wait for their place, and print how large they are."""
    from django.db import transaction

    from core import actors
    from core.journal import publish_many
    from core.models import JournalEntry

    for start in range(0, count, BATCH):
        with transaction.atomic():
            publish_many(journal_events(min(BATCH, count - start)), actor=actors.system())
    some = JournalEntry.objects.order_by("-id").first()
    assert some is not None
    print(f"  {count:,} entries of {len(bytes(some.body)):,} bytes")


def measure_placing(count: int) -> None:
    """Print how fast one worker gives places, and how fast it signs trees over them: half of the
    entries as two processes do it, one after the other, and half as one that does both in turns."""
    from audits.services.transparency import integration
    from core import sequencer

    write_entries(count // 2)
    placed = spent("placed", partial(sequencer.sequence_pending, limit=integration.LIMIT))
    integration.RECENT.forget()  # another process has not seen what was placed
    signed = spent("signed", partial(integration.integrate, at_once=True))
    print(f"  one after the other: {1 / (placed + signed):,.0f} per processor second")
    write_entries(count - count // 2)
    both = spent("placed and signed in turns", in_turns)
    print(f"  {1 / both:,.0f} per processor second (target {TARGETS['sequenced']:,})")


def in_turns() -> int:
    """Do what a round of the worker does for the log; return how many entries were placed."""
    from audits.services.transparency import integration
    from core import sequencer

    placed = sequencer.sequence_pending()
    integration.integrate(at_once=not placed)
    return placed


def spent(name: str, step: Callable[[], int]) -> float:
    """Do a step until nothing is left; print and return what an entry cost in processor seconds
    of this process and of its database session."""
    processor, server, wall = time.process_time(), server_seconds(), time.perf_counter()
    done = 0
    while taken := step():
        done += taken
    processor, server = time.process_time() - processor, server_seconds() - server
    print(
        f"  {name}: {done / processor:,.0f} entries per processor second of the worker, "
        f"{done / (processor + server):,.0f} with the database's, "
        f"{done / (time.perf_counter() - wall):,.0f} per second of wall time"
    )
    return (processor + server) / done


def measure_reading() -> None:
    """Print what proofs and verification cost."""
    from audits.queries.log import inclusion
    from audits.services.transparency import keys
    from audits.services.transparency.export import export_log
    from audits.verifier import muniment_verify
    from core import actors
    from core.models import JournalEntry

    rows = JournalEntry.objects.filter(sequence__isnull=False).select_related("sequence")
    chosen = list(rows.order_by("id")[:: max(1, rows.count() // PROOFS)])
    taken = []
    for row in chosen:
        start = time.perf_counter()
        inclusion(row, seq=row.sequence.seq)
        taken.append((time.perf_counter() - start) * 1000)
    print(
        f"  inclusion proof: p50 {statistics.median(taken):.2f} ms, "
        f"p95 {statistics.quantiles(taken, n=20)[-1]:.2f} ms (target {TARGETS['proof_ms']} ms)"
    )
    with tempfile.TemporaryDirectory(prefix="muniment-benchmark-log-") as folder:
        start = time.process_time()
        done = export_log(Path(folder) / "log", actor=actors.system(), is_journalled=False)
        print(f"  exported: {done.entries / (time.process_time() - start):,.0f} entries per second")
        start = time.process_time()
        code = muniment_verify.main(
            [f"{folder}/log", "--key", keys.log_signer().verifier.encoded()]
        )
        speed = done.entries / (time.process_time() - start)
        print(f"  verified (exit {code}): {speed:,.0f} entries per processor second "
              f"(target {TARGETS['verified']:,})")  # fmt: skip


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    with installation(options.database):
        print(f"{options.database} on {machine.describe()}")
        if options.seconds:
            measure_writing(options.seconds)
        measure_placing(options.entries)
        measure_reading()


if __name__ == "__main__":
    main()
