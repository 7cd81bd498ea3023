"""Import what an order holds: at once, tried and undone, or in the background."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core import tasks
from core.actors import Actor, Via
from core.denials import record_denial
from core.journal import publish
from registry import access
from registry.events import ImportCompleted, ImportRequested
from registry.permissions import Permission
from registry.queries.imports import TASK
from registry.services.imports.orders import Order
from registry.services.imports.reading import entries_of
from registry.services.imports.rows import CREATED, FAILED, UNCHANGED, Outcome, take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from core.errors import DomainError
    from core.models import Task
    from core.tasks import TaskRun
    from registry.importers.entries import Entry, Unusable
    from registry.models import Workspace


@dataclass(frozen=True)
class Report:
    """What became of an import; ``is_applied`` tells whether what it says is there."""

    format: str
    workspace: str
    mode: str
    digest: str
    is_dry_run: bool
    is_applied: bool
    rows: tuple[Outcome, ...]

    def count(self, outcome: str) -> int:
        """Return how many entries came out like that."""
        return sum(row.outcome == outcome for row in self.rows)

    def told(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            **asdict(self),
            "rows": [asdict(row) for row in self.rows],
            "total": len(self.rows),
            **{outcome: self.count(outcome) for outcome in (CREATED, UNCHANGED, FAILED)},
        }


def validate(*, actor: Actor, order: Order) -> Report:
    """Return what importing would make of ``order``, and write nothing.

    It is imported and undone, so that rights, checks and answers are those of importing. Raises
    InvalidInput where the order makes no sense as a whole, or AccessDenied.
    """
    _place(order, actor=actor)
    entries = entries_of(order)
    with _denials_told(actor) as refusals, transaction.atomic():
        rows = [take(entry, order, actor=actor, refusals=refusals) for entry in entries]
        transaction.set_rollback(True)
    return _report(order, rows, is_dry_run=True, is_applied=False)


def import_now(
    *, actor: Actor, order: Order, progress: Callable[[int, int], None] | None = None
) -> Report:
    """Import ``order`` and return what became of it; as ``validate`` otherwise.

    ``progress`` is called with the number of entries done, and of all, in the transaction of each.
    Needs create_version, and what else the entries ask for: edit_asset for what stands beside
    versions, the right to move aliases where that was asked for.
    """
    place = _place(order, actor=actor)
    entries = entries_of(order)
    with _denials_told(actor) as refusals:
        job = _Job(entries, order, actor, refusals, progress or _nobody)
        if order.mode == "rows":
            rows, is_applied = job.by_rows(), True
            with transaction.atomic():
                return _complete(order, rows, place=place, actor=actor, is_applied=is_applied)
        with transaction.atomic():
            rows, is_applied = job.all_or_none()
            return _complete(order, rows, place=place, actor=actor, is_applied=is_applied)


@contextmanager
def _denials_told(actor: Actor) -> Iterator[list[DomainError]]:
    """Gather what fails, and journal the refused rights among it after everything else."""
    refusals: list[DomainError] = []
    yield refusals
    for refusal in refusals:
        record_denial(refusal, actor=actor)


def _nobody(done: int, total: int) -> None:
    """Tell nobody how far the work is."""


@dataclass(frozen=True)
class _Job:
    """The entries of an order on their way in."""

    entries: Sequence[Entry | Unusable]
    order: Order
    actor: Actor
    refusals: list[DomainError]
    progress: Callable[[int, int], None]

    def by_rows(self) -> list[Outcome]:
        """Take each entry in a transaction of its own, which also says how far the work is."""
        rows: list[Outcome] = []
        for entry in self.entries:
            with transaction.atomic():
                rows.append(self._take(entry, done=len(rows) + 1))
        return rows

    def all_or_none(self) -> tuple[list[Outcome], bool]:
        """Take every entry, or none; return what became of each, and whether they are there."""
        rows: list[Outcome] = []
        with transaction.atomic():
            for entry in self.entries:
                rows.append(self._take(entry, done=len(rows) + 1))
            is_whole = all(row.outcome != FAILED for row in rows)
            if not is_whole:
                transaction.set_rollback(True)
        return rows, is_whole

    def _take(self, entry: Entry | Unusable, *, done: int) -> Outcome:
        outcome = take(entry, self.order, actor=self.actor, refusals=self.refusals)
        self.progress(done, len(self.entries))
        return outcome


def request(*, actor: Actor, order: Order) -> Task:
    """Have ``order`` imported in the background; return the task, whose result is the report.

    Raises InvalidInput where the order makes no sense as a whole, or AccessDenied.
    """
    place = _place(order, actor=actor)
    entries = entries_of(order)
    with transaction.atomic():
        task = tasks.enqueue(
            TASK,
            {"order": order.payload(), "actor": _limits(actor)},
            requested_by=actor.user,
            workspace=place.uuid,
        )
        publish(
            ImportRequested(
                subject=f"import/{task.uuid}",
                workspace=place.uuid,
                digest=order.digest,
                reason=order.reason,
                format=order.format,
                mode=order.mode,
                entries=len(entries),
            ),
            actor=actor,
            roles=access.roles(actor, place.pk),
        )
    return task


def work(run: TaskRun) -> dict[str, Any]:
    """Do a requested import. An attempt after a crash goes over all entries again: those that
    are there are taken as they are."""
    order = Order(**run.payload["order"])
    limits = run.payload["actor"]
    actor = Actor(
        user=run.task.requested_by,
        via=Via.TASK,
        workspaces=None if limits["workspaces"] is None else frozenset(limits["workspaces"]),
        scopes=None if limits["scopes"] is None else frozenset(limits["scopes"]),
    )
    return import_now(
        actor=actor,
        order=order,
        progress=lambda done, total: run.progress(done, total, "entries done"),
    ).told()


def _limits(actor: Actor) -> dict[str, Any]:
    """Return how the caller's credential narrows: what it may not do, its task may not do."""
    return {
        "workspaces": None if actor.workspaces is None else sorted(actor.workspaces),
        "scopes": None if actor.scopes is None else sorted(actor.scopes),
    }


def _place(order: Order, *, actor: Actor) -> Workspace:
    return access.workspace_by_slug(
        actor, order.workspace, permission=Permission.CREATE_VERSION, field="workspace"
    )


def _report(order: Order, rows: Sequence[Outcome], **how: bool) -> Report:
    return Report(order.format, order.workspace, order.mode, order.digest, rows=tuple(rows), **how)


def _complete(
    order: Order, rows: Sequence[Outcome], *, place: Workspace, actor: Actor, is_applied: bool
) -> Report:
    report = _report(order, rows, is_dry_run=False, is_applied=is_applied)
    publish(
        ImportCompleted(
            subject=f"workspace/{place.slug}",
            workspace=place.uuid,
            digest=order.digest,
            reason=order.reason,
            format=order.format,
            source=order.source,
            is_applied=is_applied,
            created=report.count(CREATED),
            unchanged=report.count(UNCHANGED),
            failed=report.count(FAILED),
        ),
        actor=actor,
        roles=access.roles(actor, place.pk),
    )
    return report
