"""What may be let go once it is old: the kinds of records, and which of their rows.

No kind is evidence by itself. The journal, the transparency log, versions, promotions, approvals,
decisions, attestations, exemptions, findings and finished reports' digests are in none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.models import Session
from django.db.models import Exists, ManyToOneRel, OuterRef, Q, QuerySet

from audits.models import (
    Removal,
    Report,
    ReportFile,
    ReportWorkspace,
    RetentionRule,
    RetentionRun,
    Scan,
    ScanResult,
    ScanWorkspace,
)
from core.errors import Denial, Gone, NotFound
from core.models import ConsumerFailure, Task
from lineage.models import DeadLetter, ReceivedEvent
from policies.models import FleetDecision
from registry import access
from registry.models import Notification, WebhookDelivery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from uuid import UUID

    from django.db.models import Field, Model

    from audits.queries.holds import Held
    from core.actors import Actor

NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Record:
    """A kind of record. ``old`` gives its rows of before a time that nothing refers to, ``held``
    the condition that a row is in hold; ``least`` is the shortest rule, in days.

    ``whole`` is the relation by which rows go as one: all files of a report, all results of a scan.
    ``told`` is the column over which the journal keeps a digest of what went; rows that are
    ``guarded`` go with a permit alone.
    """

    name: str
    title: str
    why: str
    least: int
    old: Callable[[datetime], QuerySet[Any]]
    held: Callable[[Held], Q]
    whole: str = ""
    told: str = "pk"
    guarded: bool = False


def referring(model: type[Model], *, but: tuple[str, ...] = ()) -> Iterator[Field[Any, Any]]:
    """Yield the foreign keys of all tables that point at ``model``, those apart whose relation is
    named in ``but``. It asks the models, so that a table that comes later counts, too."""
    for relation in model._meta.get_fields(include_hidden=True):
        # One to one is a kind of many to one here; many to many has a table of its own, with keys.
        if isinstance(relation, ManyToOneRel) and (relation.get_accessor_name() or "") not in but:
            yield relation.field


def unreferenced(rows: QuerySet[Any], *, but: tuple[str, ...] = ()) -> QuerySet[Any]:
    """Return the rows to which no row of any table refers, relations named in ``but`` apart."""
    for key in referring(rows.model, but=but):
        every: QuerySet[Any] = QuerySet(key.model)
        rows = rows.exclude(Exists(every.filter(**{key.name: OuterRef("pk")})))
    return rows


def _tasks(before: datetime) -> QuerySet[Task]:
    ended = (Task.State.SUCCEEDED, Task.State.FAILED)
    return unreferenced(Task.objects.filter(state__in=ended, finished_at__lt=before))


def _report_files(before: datetime) -> QuerySet[ReportFile]:
    reports = unreferenced(
        Report.objects.filter(completed_at__lt=before), but=("files", "units", "holds")
    )
    return ReportFile.objects.filter(report__in=reports)


def removable_scans(before: datetime) -> QuerySet[Scan]:
    """Return the scans of before a time whose results nothing rests on: no report, no finding, and
    for each of their workspaces there is a newer one."""
    scans = unreferenced(
        Scan.objects.filter(completed_at__lt=before), but=("units", "results", "holds")
    )
    for key in referring(ScanResult):
        every: QuerySet[Any] = QuerySet(key.model)
        scans = scans.exclude(Exists(every.filter(**{f"{key.name}__scan": OuterRef("pk")})))
    newer = ScanWorkspace.objects.filter(
        workspace=OuterRef("workspace"),
        scan__completed_at__isnull=False,
        scan__as_of__gt=OuterRef("scan__as_of"),
    )
    newest = ScanWorkspace.objects.filter(scan=OuterRef("pk")).exclude(Exists(newer))
    return scans.exclude(Exists(newest))


def _scan_results(before: datetime) -> QuerySet[ScanResult]:
    return ScanResult.objects.filter(scan__in=removable_scans(before))


def _held_scans(held: Held) -> Q:
    units = ScanWorkspace.objects.filter(workspace__in=held.workspaces)
    return Q(scan__in=held.scans) | Q(scan__in=units.values("scan"))


def _held_reports(held: Held) -> Q:
    units = ReportWorkspace.objects.filter(workspace__in=held.workspaces)
    return (
        Q(report__in=held.reports)
        | Q(report__scan__in=held.scans)
        | Q(report__in=units.values("report"))
    )


RECORDS = {
    record.name: record
    for record in (
        Record(
            "tasks",
            "Finished background work",
            "Payload, progress and errors of tasks; not those of scans, reports and other things "
            "that are still there.",
            7,
            _tasks,
            lambda held: Q(workspace__in=held.places),
        ),
        Record(
            "sessions",
            "Ended logins",
            "Sessions of browsers whose time is over.",
            1,
            lambda before: Session.objects.filter(expire_date__lt=before),
            lambda _: NOTHING,
        ),
        Record(
            "notifications",
            "Notifications",
            "What people were told; the journal has what it was about. At most 180 days in any "
            "case.",
            7,
            lambda before: Notification.objects.filter(occurred_at__lt=before),
            lambda held: Q(workspace__in=held.workspaces),
        ),
        Record(
            "webhook_log",
            "Log of webhooks",
            "Deliveries that ended, with what was answered. At most MUNIMENT_WEBHOOK_LOG_DAYS in "
            "any case.",
            1,
            lambda before: WebhookDelivery.objects.filter(closed_at__lt=before),
            lambda held: Q(webhook__workspace__in=held.workspaces),
        ),
        Record(
            "consumer_failures",
            "Failures of consumers, resolved",
            "Which consumer could not take an entry at first, and why.",
            7,
            lambda before: ConsumerFailure.objects.filter(resolved_at__lt=before),
            lambda held: Q(entry__workspace__in=held.places),
        ),
        Record(
            "dead_letters",
            "Lineage events set aside, resolved",
            "Which sink would not take an event at first; the event itself stays.",
            7,
            lambda before: DeadLetter.objects.filter(resolved_at__lt=before),
            lambda held: Q(event__workspace__in=held.workspaces),
        ),
        Record(
            "received_events",
            "Lineage events of other systems",
            "What was sent, whole. Jobs, runs, datasets and edges that were made of it stay, and "
            "the digest over each batch in the journal.",
            90,
            lambda before: unreferenced(ReceivedEvent.objects.filter(received_at__lt=before)),
            lambda held: Q(workspace__in=held.workspaces),
            told="digest",
            guarded=True,
        ),
        Record(
            "fleet_decisions",
            "Decision logs of OPAs",
            "What OPAs of elsewhere decided, as their logs told it. The digest over each batch "
            "stays in the journal.",
            30,
            lambda before: unreferenced(FleetDecision.objects.filter(received_at__lt=before)),
            lambda held: Q(opa__workspace__in=held.workspaces),
            told="digest",
            guarded=True,
        ),
        Record(
            "report_files",
            "Files of reports",
            "The rendered bytes. That the report was made, of what, and the digest of each file "
            "stays in the journal; it can be rendered again from the scan.",
            30,
            _report_files,
            _held_reports,
            whole="report",
        ),
        Record(
            "scan_results",
            "Results of scans",
            "The single answers of scans that no report, finding or pack rests on, and after which "
            "a newer one came. Counts and the digest over all of them stay.",
            90,
            _scan_results,
            _held_scans,
            whole="scan",
        ),
    )
}


def standing_rules() -> dict[str, RetentionRule]:
    """Return the rules that hold, by kind of record."""
    return {
        rule.record: rule
        for rule in RetentionRule.objects.as_of(None).select_related("set_by").order_by("record")
    }


def visible_runs(actor: Actor) -> QuerySet[RetentionRun]:
    """Return the applications of the rules; administrators of the organisation see them."""
    rows = RetentionRun.objects.select_related("task", "requested_by")
    return rows if access.administers_organisation(actor) else rows.none()


def run_by_uuid(actor: Actor, uuid: UUID) -> RetentionRun:
    """Return that application; raises NotFound."""
    found = visible_runs(actor).filter(uuid=uuid).first()
    if found is None:
        is_hidden = RetentionRun.objects.filter(uuid=uuid).exists()
        denial = Denial("organisation_admin", f"retention-run/{uuid}", None)
        raise NotFound(denial=denial if is_hidden else None)
    return found


def require_kept(record: str, subject: UUID) -> None:
    """Return unless these records were let go; raises Gone, which tells when and their digest."""
    removal = Removal.objects.filter(record=record, subject=subject).first()
    if removal is not None:
        raise Gone(
            f"{removal.count} records were let go under a rule of retention.",
            extra={"removed_at": removal.removed_at.isoformat(), "digest": removal.digest},
        )
