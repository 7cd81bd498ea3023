"""When findings are due: what somebody set, else what the due rule of their place says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db.models import BooleanField, Case, DateTimeField, F, Q, Value, When
from django.utils import timezone

from audits.models import DueRule, Finding
from policies.engines.metadata import Severity
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.db.models import Model, QuerySet

    from core.actors import Actor

    Row = TypeVar("Row", bound=Model)

# Most severe first.
SEVERITIES = tuple(
    each.value for each in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
)
# Where nobody set a rule.
DEFAULT_DAYS: dict[str, int | None] = {"critical": 7, "high": 30, "medium": 90, "low": 180}


@dataclass(frozen=True)
class DueDays:
    """Days by severity, None for never: the organisation's, and those of workspaces (by id) that
    have their own."""

    organisation: Mapping[str, int | None]
    workspaces: Mapping[int, Mapping[str, int | None]]

    def of(self, workspace_id: int) -> Mapping[str, int | None]:
        """Return the days that count in a workspace."""
        return self.workspaces.get(workspace_id, self.organisation)


def due_days(*, at: datetime | None = None) -> DueDays:
    """Return the rules in force, or those of a time; one query."""
    return days_by(DueRule.objects.as_of(at))


def days_by(rules: Iterable[DueRule]) -> DueDays:
    """Return what rules say together, of which each place has one at most."""
    organisation: Mapping[str, int | None] = DEFAULT_DAYS
    places: dict[int, Mapping[str, int | None]] = {}
    for rule in rules:
        days = days_of(rule)
        if rule.workspace_id is None:
            organisation = days
        else:
            places[rule.workspace_id] = days
    return DueDays(organisation, places)


def days_of(rule: DueRule) -> dict[str, int | None]:
    """Return the days of one rule by severity."""
    return {severity: getattr(rule, severity) for severity in SEVERITIES}


def with_due(
    findings: QuerySet[Finding], *, days: DueDays | None = None, now: datetime | None = None
) -> QuerySet[Finding]:
    """Annotate findings with ``due_at`` (None is never) and ``is_overdue``: open, and due before
    ``now``. Reads the rules in force unless ``days`` are given."""
    moment = now or timezone.now()
    due = findings.annotate(due_at=_due(days or due_days()))
    overdue = Q(state=Finding.State.OPEN, due_at__lt=moment)
    return due.annotate(
        is_overdue=Case(
            When(overdue, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
    )


def _due(days: DueDays) -> Case:
    """Places with the same days share a branch: there may be a thousand with rules of their own."""
    was_set = When(triage__due_set_at__gte=F("opened_at"), then=F("triage__due_at"))
    own: dict[tuple[str, int | None], list[int]] = {}
    for place, by_severity in days.workspaces.items():
        for severity in SEVERITIES:
            own.setdefault((severity, by_severity[severity]), []).append(place)
    branches = [
        When(Q(severity=severity, workspace_id__in=places), then=_after(number))
        for (severity, number), places in sorted(own.items(), key=str)
    ]
    branches += [
        When(severity=severity, then=_after(days.organisation[severity])) for severity in SEVERITIES
    ]
    return Case(was_set, *branches, default=None, output_field=DateTimeField())


def _after(days: int | None) -> object:
    if days is None:
        return Value(None, output_field=DateTimeField())
    return F("opened_at") + timedelta(days=days)


def visible_due_rules(actor: Actor) -> QuerySet[DueRule]:
    """Return the rules of the organisation, open to everybody, and of workspaces in reach."""
    rules = DueRule.objects.select_related("workspace", "set_by")
    return rules.filter(Q(workspace__isnull=True) | access.in_reach(actor))


def days_in_force(actor: Actor, workspace: str = "") -> dict[str, str | int | None]:
    """Return the days that count in a workspace (by slug), or in those without a rule of their
    own, by severity, and as ``rule_of`` whose they are: workspace, organisation or product.

    Raises InvalidInput for a missing or foreign workspace.
    """
    rules = visible_due_rules(actor).filter(valid_to__isnull=True)
    if workspace:
        place = access.workspace_by_slug(actor, workspace, field="workspace")
        if own := rules.filter(workspace=place).first():
            return {"rule_of": "workspace", **days_of(own)}
    if common := rules.filter(workspace__isnull=True).first():
        return {"rule_of": "organisation", **days_of(common)}
    return {"rule_of": "product", **DEFAULT_DAYS}
