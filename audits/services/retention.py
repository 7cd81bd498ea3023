"""Set how long records are kept, look what that would let go, and let it go."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from audits.events import RetentionApplied, RetentionRuleEnded, RetentionRuleSet
from audits.models import Removal, RemovalPermit, Report, RetentionRule, RetentionRun, Scan
from audits.models.retention import MAX_DAYS
from audits.queries.holds import held
from audits.queries.retention import RECORDS, standing_rules
from audits.services.holds import LOCK, check_reason
from core import locks, tasks
from core.actors import Actor, Via, system
from core.canonical import canonical_digest
from core.errors import Conflict, InvalidInput
from core.facts import end
from core.journal import publish
from registry import access

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import Model

    from audits.queries.retention import Record
    from core.tasks import TaskRun

    Progress = Callable[[int, int, str], None]

TASK = "audits.apply_retention"
BATCH = 1_000
LOCKED: dict[str, type[Report | Scan]] = {"report": Report, "scan": Scan}


def set_rule(*, actor: Actor, record: str, days: int, reason: str) -> RetentionRule:
    """From now on records of that kind are let go when they are older than ``days``.

    Administrators of the organisation set it. Raises InvalidInput, AccessDenied.
    """
    access.require_organisation_admin(actor, subject="retention")
    reason = check_reason(reason)
    known = _known(record)
    if not known.least <= days <= MAX_DAYS:
        raise InvalidInput.of("days", f"must be {known.least} to {MAX_DAYS:,} for {record}")
    assert actor.user is not None  # the system sets no rules
    with transaction.atomic():
        locks.hold(LOCK)
        before = standing_rules().get(record)
        now = timezone.now()
        end(RetentionRule.objects.filter(record=record), at=now)
        rule = RetentionRule.objects.create(
            record=record, days=days, reason=reason, set_by=actor.user, valid_from=now
        )
        publish(
            RetentionRuleSet(
                subject=f"retention/{record}",
                reason=reason,
                before={"days": before.days if before else None},
                after={"days": days},
                record=record,
                days=days,
            ),
            actor=actor,
        )
    return rule


def end_rule(*, actor: Actor, record: str, reason: str) -> None:
    """Keep records of that kind from now on; raises Conflict where no rule holds."""
    access.require_organisation_admin(actor, subject="retention")
    reason = check_reason(reason)
    _known(record)
    with transaction.atomic():
        locks.hold(LOCK)
        rule = standing_rules().get(record)
        if rule is None:
            raise Conflict("No rule holds: these records stay.")
        end(RetentionRule.objects.filter(pk=rule.pk), at=timezone.now())
        publish(
            RetentionRuleEnded(
                subject=f"retention/{record}",
                reason=reason,
                before={"days": rule.days},
                after={"days": None},
                record=record,
            ),
            actor=actor,
        )


def _known(record: str) -> Record:
    if record not in RECORDS:
        raise InvalidInput.of("record", f"must be one of {', '.join(RECORDS)}")
    return RECORDS[record]


def request(
    *, actor: Actor, is_dry_run: bool, what_if: Mapping[str, int] | None = None
) -> RetentionRun:
    """Have the rules applied in the background, or only counted; return the run.

    ``what_if`` are days by kind of record, for a dry run only: what such rules would let go.
    Administrators of the organisation ask for it. Raises InvalidInput, AccessDenied.
    """
    access.require_organisation_admin(actor, subject="retention")
    for record, days in (what_if or {}).items():
        known = _known(record)
        if not known.least <= days <= MAX_DAYS:
            raise InvalidInput.of("what_if", f"must be {known.least} to {MAX_DAYS:,} for {record}")
    if what_if and not is_dry_run:
        raise InvalidInput.of("what_if", "goes with a dry run; set a rule to let records go")
    with transaction.atomic():
        task = tasks.enqueue(TASK, {"what_if": dict(what_if or {})}, requested_by=actor.user)
        return RetentionRun.objects.create(
            is_dry_run=is_dry_run, as_of=timezone.now(), requested_by=actor.user, task=task
        )


def work(run: TaskRun) -> dict[str, Any]:
    """Do what was requested, or what the schedule asks for; picks up where an attempt ended."""
    found, _ = RetentionRun.objects.get_or_create(
        task=run.task, defaults={"is_dry_run": False, "as_of": timezone.now()}
    )
    user = found.requested_by
    request_id = f"retention-{found.uuid}"
    actor = Actor(user, Via.TASK, request_id=request_id) if user else system(request_id=request_id)
    counts = go(found, actor=actor, what_if=run.payload.get("what_if"), progress=run.progress)
    return {"run": str(found.uuid), "counts": counts}


def run_now(*, actor: Actor, is_dry_run: bool) -> RetentionRun:
    """Apply or count at once, as an operator's command does; return the run."""
    run = RetentionRun.objects.create(
        is_dry_run=is_dry_run, as_of=timezone.now(), requested_by=actor.user
    )
    go(run, actor=actor)
    run.refresh_from_db()
    return run


def _untold(*_: object) -> None:
    """Nobody looks at the progress of a command."""


def go(
    run: RetentionRun,
    *,
    actor: Actor,
    what_if: Mapping[str, int] | None = None,
    progress: Progress = _untold,
) -> dict[str, Any]:
    """Let go of what the rules say, or count it, kind by kind; return the counts by kind."""
    if run.completed_at is not None:
        return dict(run.counts or {})
    days = what_if or {name: rule.days for name, rule in standing_rules().items()}
    counts: dict[str, Any] = {}
    for number, (name, kept) in enumerate(sorted(days.items())):
        record = RECORDS[name]
        before = run.as_of - timedelta(days=kept)
        progress(number, len(days), record.title)
        counts[name] = {"days": kept, **_counted(record, before)}
        if not run.is_dry_run:
            gone = 0
            while count := _let_go(record, run=run, actor=actor):
                gone += count
                progress(number, len(days), f"{record.title}: {gone:,}")
            counts[name]["count"] = gone
    with transaction.atomic():
        progress(len(days), len(days), "done")
        RetentionRun.objects.filter(pk=run.pk, completed_at=None).update(
            completed_at=timezone.now(), counts=counts
        )
    return counts


def _counted(record: Record, before: datetime) -> dict[str, int]:
    """Return how many rows would go, and how many a hold keeps."""
    rows, known = record.old(before), held()
    every = rows.count()
    free = 0 if known.everything else rows.exclude(record.held(known)).count()
    return {"count": free, "held": every - free}


def _let_go(record: Record, *, run: RetentionRun, actor: Actor) -> int:
    """Let one batch go with its entry in the journal; return how many rows, none at the end."""
    with transaction.atomic():
        locks.hold(LOCK)
        rule = standing_rules().get(record.name)
        known = held()
        if rule is None or known.everything:
            return 0
        before = run.as_of - timedelta(days=rule.days)
        rows = record.old(before).exclude(record.held(known))
        if record.whole:
            count, digest, about = _whole(record, rows)
        else:
            count, digest, about = *_batch(record, rows), None
        if count:
            publish(
                RetentionApplied(
                    subject=f"retention/{record.name}",
                    digest=digest,
                    run=str(run.uuid),
                    record=record.name,
                    days=rule.days,
                    before_time=before.isoformat(),
                    count=count,
                    about=str(about) if about else None,
                ),
                actor=actor,
            )
    return count


def _batch(record: Record, rows: QuerySet[Any]) -> tuple[int, str]:
    going = dict(rows.order_by("pk").values_list("pk", record.told)[:BATCH])
    if not going:
        return 0, ""
    with _permitted(rows.model) if record.guarded else contextlib.nullcontext():
        QuerySet(rows.model).filter(pk__in=list(going)).delete()
    return len(going), canonical_digest([str(told) for told in going.values()])


def _whole(record: Record, rows: QuerySet[Any]) -> tuple[int, str, UUID | None]:
    """Let go of all files of one report, or of all results of one scan."""
    key = rows.order_by(f"{record.whole}_id").values_list(f"{record.whole}_id", flat=True).first()
    if key is None:
        return 0, "", None
    # Whoever would refer to it waits for this lock, or came first and is seen.
    owner = LOCKED[record.whole].objects.select_for_update().get(pk=key)
    mine = rows.filter(**{record.whole: owner})
    count = mine.count()
    if isinstance(owner, Report):
        digest = canonical_digest(sorted(mine.values_list("digest", flat=True)))
    else:
        digest = owner.digest or ""
    if count:
        Removal.objects.create(record=record.name, subject=owner.uuid, count=count, digest=digest)
        _remove(rows.model, record.whole, owner.pk)
    return count, digest, owner.uuid


def _remove(model: type[Model], relation: str, key: int) -> None:
    """Delete the rows of a guarded table that belong to one; nothing refers to any of them."""
    table = model._meta.db_table
    with _permitted(model), connection.cursor() as cursor:
        statement = f"DELETE FROM {table} WHERE {relation}_id = %s"  # noqa: S608 - our names
        cursor.execute(statement, [key])


@contextlib.contextmanager
def _permitted(model: type[Model]) -> Iterator[None]:
    """Let rows of a guarded table go; an error inside rolls the permit back with all else."""
    permit = RemovalPermit.objects.create(table_name=model._meta.db_table)
    yield
    permit.delete()
