"""What several processes of one installation do at once: each function is one process's work.

``service.manage("shell", "--no-imports", "-c", "from tests.registry.writers import ...; ...")``
"""

from __future__ import annotations

import itertools
import json

from django.db import transaction

from core import consumers, sequencer
from core.actors import Actor, Via, system
from core.events import AccessWasDenied
from core.journal import SequencedEntry, publish
from core.models import JournalEntry, JournalPending, JournalSequence, User
from registry.models import Alias, AliasMove, Asset, AssetVersion, Promotion
from registry.services import aliases, versions, workspaces
from registry.services.promotions import request
from tests.factories import MODEL_SPEC

COUNT = 25


def _administrator() -> Actor:
    return Actor(user=User.objects.get(username="administrator"), via=Via.COMMAND)


def found() -> None:
    """Make what the writers write into."""
    User.objects.create_superuser("administrator")
    for slug, stage in (("dev", "development"), ("prod", "production")):
        workspaces.create(actor=_administrator(), slug=slug, title=slug, stage=stage)


def register() -> None:
    """Register versions of one model and move its alias, against all the others."""
    actor = _administrator()
    for _ in range(COUNT):
        made = versions.register(
            actor=actor, workspace="dev", kind="model", name="hot", spec=MODEL_SPEC
        ).version
        aliases.move(actor=actor, asset="dev/model/hot", alias="newest", to=made.number)


def promote() -> None:
    """Promote the first version again and again."""
    for _ in range(5):
        request.promote(
            actor=_administrator(), source="dev/model/hot/1", target="prod", reason="T-1"
        )


def sequence() -> None:
    """Place entries in small batches, with new ones coming in, until a while after the last."""
    idle = 0
    while idle < 200:
        idle = 0 if sequencer.sequence_pending(limit=3) else idle + 1


class Counting:
    """Remembers what it was told."""

    name = "tests.counting"

    def __init__(self) -> None:
        self.told: list[int] = []

    def consume(self, entry: SequencedEntry) -> None:
        self.told.append(entry.id)


def late_commit() -> None:
    """Publish in one connection, and commit only after another's entry was placed and told."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event

    counting, is_published, may_commit = Counting(), Event(), Event()
    event = AccessWasDenied(subject="late", permission="view_workspace")

    def slow_writer() -> int:
        with transaction.atomic():
            entry = publish(event, actor=system())
            is_published.set()
            may_commit.wait(timeout=120)
            return entry.pk

    with ThreadPoolExecutor() as pool:
        slow = pool.submit(slow_writer)
        assert is_published.wait(timeout=120)
        with transaction.atomic():
            fast = publish(event, actor=system()).pk
        while sequencer.sequence_pending() or consumers.drain(counting):
            pass
        told_early = list(counting.told)
        may_commit.set()
        late = slow.result()
    while sequencer.sequence_pending() or consumers.drain(counting):
        pass
    print(
        json.dumps(
            {
                "late_id_is_lower": late < fast,
                "late_was_not_told_early": late not in told_early,
                "both_were_told": {late, fast} <= set(counting.told),
                "nobody_twice": len(set(counting.told)) == len(counting.told),
            }
        )
    )


def ledger() -> None:
    """Print what there is."""
    hot = Asset.objects.get(workspace__slug="dev", name="hot")
    alias = Alias.objects.select_related("version").get(asset=hot, name="newest")
    moves = AliasMove.objects.filter(asset=hot).order_by("id")
    steps = list(moves.values_list("from_version__number", "to_version__number"))
    promoted = AssetVersion.objects.filter(asset__workspace__slug="prod")
    print(
        json.dumps(
            {
                "numbers": sorted(hot.versions.values_list("number", flat=True)),
                "last_number": hot.last_number,
                "moves_join": all(
                    before[1] == after[0] for before, after in itertools.pairwise(steps)
                ),
                "moves": len(steps),
                "alias_is_where_the_last_move_put_it": steps[-1][1] == alias.version.number,
                "promoted": sorted(promoted.values_list("number", flat=True)),
                "promotions": Promotion.objects.filter(status="completed").count(),
                "seq": list(JournalSequence.objects.order_by("seq").values_list("seq", flat=True)),
                "entries": JournalEntry.objects.count(),
                "pending": JournalPending.objects.count(),
            }
        )
    )
