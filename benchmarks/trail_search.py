"""What searching the trail costs as the journal grows.

    python -m benchmarks.trail_search [--database sqlite|postgres] [--sizes 20000,200000]

Entries lie in twenty workspaces; each page of fifty is read as the REST API reads it, with the
names of who acted, by an administrator who reads all and by an auditor of one workspace.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING, Any

from benchmarks import machine
from benchmarks.installation import installation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.actors import Actor

PLACES = 20
BATCH = 5_000
TURNS = 15
PAGE = 50
WORDS = ("ledger", "harbour", "copper", "meadow", "lantern", "orchard", "granite", "willow")
# What is asked for: in one entry, in some dozens, in an eighth of all, in every one, in none.
QUESTIONS = {
    "one entry": {"q": "{rare} model"},
    "a word of one in a thousand": {"q": "seldom"},
    "a word of one in eight": {"q": "copper"},
    "a word of all": {"q": "reason"},
    "two common words": {"q": "copper reason"},
    "no entry": {"q": "nowhere"},
    "a digest": {"evidence": "{digest}"},
    "a role": {"role": "approver"},
    "no words: the newest": {},
}


def events(start: int, count: int, places: Sequence[Any]) -> list[Any]:
    """Return events of the size that the registry's have."""
    from core.canonical import sha256
    from core.events import AccessWasDenied

    return [
        AccessWasDenied(
            subject=f"bench-{number % PLACES}/model/name-{number}/{number % 7 + 1}",
            workspace=places[number % PLACES].uuid,
            digest=sha256(b"%d" % number),
            permission="register_version",
            reason=f"the reason that somebody gave: {WORDS[number % 8]}"
            + (" and seldom" if number % 1_000 == 0 else ""),
            before={"alias": "production", "number": number},
            after={"alias": "production", "number": number + 1},
        )
        for number in range(start, start + count)
    ]


def grow(start: int, end: int, places: Sequence[Any], actor: Actor) -> float:
    """Write, place and index entries up to ``end``; return entries per second of indexing."""
    from django.db import transaction

    from audits.consumer import TrailConsumer
    from core import sequencer
    from core.consumers import drain
    from core.journal import publish_many

    for first in range(start, end, BATCH):
        with transaction.atomic():
            batch = events(first, min(BATCH, end - first), places)
            publish_many(batch, actor=actor, roles=["approver" if first // BATCH % 2 else "author"])
    while sequencer.sequence_pending(limit=BATCH):
        pass
    begin, consumer = time.perf_counter(), TrailConsumer()
    while drain(consumer, limit=500):
        pass
    return (end - start) / (time.perf_counter() - begin)


def asked(size: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is asked for at that size, in words and as filters."""
    from core.canonical import sha256

    rare = size - 17
    for title, query in QUESTIONS.items():
        filled = {
            name: value.format(rare=rare, digest=sha256(b"%d" % rare))
            for name, value in query.items()
        }
        yield title, filled


def read(actor: Actor, query: dict[str, Any]) -> tuple[float, int]:
    """Return milliseconds and entries of one page."""
    from audits import trail

    begin = time.perf_counter()
    rows = trail.newest(trail.entries(actor, trail.TrailQuery(**query)), limit=PAGE + 1)
    found = trail.describe(rows[:PAGE])
    return (time.perf_counter() - begin) * 1_000, len(found)


def measure(size: int, readers: dict[str, Actor]) -> None:
    for title, query in asked(size):
        told = []
        for name, actor in readers.items():
            taken = [read(actor, query) for _ in range(TURNS)]
            each = sorted(milliseconds for milliseconds, _ in taken)
            told.append(
                f"{name} p50 {statistics.median(each):6.1f} ms, worst {each[-1]:6.1f} ms "
                f"({taken[0][1]:2} rows)"
            )
        print(f"    {title:29} {'; '.join(told)}", flush=True)


def people() -> tuple[list[Any], dict[str, Actor]]:
    from core.actors import Actor, Via
    from core.models import User
    from registry.services import members, workspaces

    admin = Actor(User.objects.create_superuser("bench"), Via.COMMAND)
    places = [
        workspaces.create(actor=admin, slug=f"bench-{number}", title="x", stage="development")
        for number in range(PLACES)
    ]
    auditor = User.objects.create_user("bench-auditor")
    members.grant(actor=admin, workspace="bench-7", role="auditor", username=auditor.username)
    return places, {"administrator": admin, "auditor of one": Actor(auditor, Via.COMMAND)}


def main() -> None:
    """Print what each question costs at each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--sizes", default="20000,200000")
    options = parser.parse_args()
    print(machine.describe())
    with installation(options.database):
        from django.db import connection

        places, readers = people()
        start = 0
        for size in map(int, options.sizes.split(",")):
            speed = grow(start, size, places, readers["administrator"])
            start = size
            if connection.vendor == "postgresql":
                connection.cursor().execute("ANALYZE")
            print(f"  {options.database}, {size:,} entries, indexed {speed:,.0f} a second")
            measure(size, readers)


if __name__ == "__main__":
    main()
