"""How findings went: open by severity day by day, what came back, how long mending took."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from audits.models import DueRule, Finding, FindingTransition
from audits.queries.controls import serving
from audits.queries.due import SEVERITIES, days_by, with_due
from audits.queries.overdue import overdue_by_day
from core.errors import InvalidInput
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from core.actors import Actor

MAX_DAYS = 1_100
MAX_GROUPS = 100
# Out of scope is over, but nobody mended anything.
MENDED = ("passed", "not_applicable", "recovered")
GROUPS = {"workspace": "workspace__slug", "policy": "policy__name"}


@dataclass(frozen=True)
class TrendQuery:
    """Of what: the days until ``until`` (now), in a workspace, of a policy, of those that serve a
    control or a framework; ``by`` says what to group by: workspace or policy."""

    days: int = 90
    until: datetime | None = None
    workspace: str = ""
    policy: str = ""
    control: str = ""
    framework: str = ""
    by: str = "workspace"


@dataclass(frozen=True)
class Day:
    """How many were open, by severity, overdue and exempt at the end of a day (UTC), and what
    happened."""

    day: date
    open: Mapping[str, int]
    overdue: int
    exempt: int
    opened: int
    regressed: int
    mended: int


@dataclass
class Group:
    """What stands now in a workspace or of a policy, and what happened in the days asked for."""

    name: str
    open: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    regressed: int = 0
    mended: int = 0
    mean_seconds: int | None = None


@dataclass(frozen=True)
class Trend:
    """The days, the oldest first; ``mean_seconds`` is the mean time to mend of what was mended in
    them, by severity (None for nothing); ``overdue`` and ``unowned`` count what is open now."""

    since: date
    until: datetime
    days: tuple[Day, ...]
    mean_seconds: Mapping[str, int | None]
    overdue: Mapping[str, int]
    unowned: int
    groups: tuple[Group, ...]

    @property
    def regressed(self) -> int:
        """Return how often something came back in all days."""
        return sum(day.regressed for day in self.days)

    @property
    def mended(self) -> int:
        """Return how often something was mended in all days."""
        return sum(day.mended for day in self.days)


def trend_of(actor: Actor, asked: TrendQuery) -> Trend:
    """Return how the findings that ``actor`` may see went; a constant number of queries.

    Raises InvalidInput for more days than 1,100 and for an unknown group, and as
    ``access.workspace_by_slug`` does for the workspace.
    """
    if not 1 <= asked.days <= MAX_DAYS:
        raise InvalidInput.of("days", f"must be a whole number from 1 to {MAX_DAYS}")
    if asked.by not in GROUPS:
        raise InvalidInput.of("by", f"must be one of {', '.join(GROUPS)}")
    until = (asked.until or timezone.now()).astimezone(UTC)
    first = until.date() - timedelta(days=asked.days - 1)
    start = datetime.combine(first, time.min, tzinfo=UTC)
    chosen = _chosen(actor, asked)
    findings = Finding.objects.filter(chosen)
    moves = FindingTransition.objects.filter(finding__in=findings.order_by(), at__lte=until)
    within = moves.filter(at__gte=start)
    rules = list(DueRule.objects.order_by("valid_from", "pk"))
    overdue = overdue_by_day(findings, rules, first=first, until=until)
    in_force = days_by(rule for rule in rules if rule.valid_to is None)
    standing: QuerySet[Any] = with_due(findings.filter(state=Finding.State.OPEN), days=in_force)
    late, unowned = _overdue_and_unowned(standing)
    return Trend(
        first,
        until,
        tuple(_days(moves.filter(at__lt=start), within, first=first, overdue=overdue)),
        _mean_seconds(within),
        late,
        unowned,
        tuple(_groups(standing, within, path=GROUPS[asked.by])),
    )


def _chosen(actor: Actor, asked: TrendQuery) -> Q:
    chosen = Q(pk__isnull=False) & access.in_reach(actor)
    if asked.workspace:
        place = access.workspace_by_slug(actor, asked.workspace, field="workspace")
        chosen &= Q(workspace=place)
    if asked.policy:
        chosen &= Q(policy__name=asked.policy)
    if asked.control or asked.framework:
        chosen &= serving(asked.control, framework=asked.framework)
    return chosen


def _days(
    earlier: QuerySet[FindingTransition],
    within: QuerySet[FindingTransition],
    *,
    first: date,
    overdue: Sequence[int],
) -> Iterable[Day]:
    steps = ("was_state", "was_severity", "state", "severity", "resolution")
    standing: Counter[tuple[str, str]] = Counter()
    for row in earlier.order_by().values(*steps).annotate(number=Count("pk")):
        _step(standing, row)
    by_day: dict[date, list[dict[str, Any]]] = {}
    dated = within.order_by().annotate(day=TruncDate("at", tzinfo=UTC))
    for row in dated.values("day", *steps).annotate(number=Count("pk")):
        by_day.setdefault(row["day"], []).append(row)
    for offset, number_overdue in enumerate(overdue):
        day = first + timedelta(days=offset)
        rows = by_day.get(day, [])
        for row in rows:
            _step(standing, row)
        yield Day(
            day,
            {severity: standing["open", severity] for severity in SEVERITIES},
            number_overdue,
            sum(count for (state, _), count in standing.items() if state == "exempt"),
            opened=sum(row["number"] for row in rows if not row["was_state"]),
            regressed=sum(
                row["number"]
                for row in rows
                if row["was_state"] == "resolved" and row["state"] != "resolved"
            ),
            mended=sum(row["number"] for row in rows if _is_mended(row)),
        )


def _step(standing: Counter[tuple[str, str]], row: Mapping[str, Any]) -> None:
    standing[row["state"], row["severity"]] += row["number"]
    if row["was_state"]:
        standing[row["was_state"], row["was_severity"]] -= row["number"]


def _is_mended(row: Mapping[str, Any]) -> bool:
    is_over = row["state"] == "resolved" and row["was_state"] != "resolved"
    return is_over and row["resolution"] in MENDED


def _mended(within: QuerySet[FindingTransition]) -> QuerySet[FindingTransition]:
    over = within.filter(state="resolved", resolution__in=MENDED).exclude(was_state="resolved")
    took = ExpressionWrapper(F("at") - F("opened_at"), output_field=DurationField())
    return over.order_by().annotate(took=took)


def _mean_seconds(within: QuerySet[FindingTransition]) -> dict[str, int | None]:
    rows = _mended(within).values("severity").annotate(mean=Avg("took"))
    found = {row["severity"]: _seconds(row["mean"]) for row in rows}
    return {severity: found.get(severity) for severity in SEVERITIES}


def _seconds(mean: timedelta | None) -> int | None:
    return None if mean is None else round(mean.total_seconds())


def _overdue_and_unowned(standing: QuerySet[Any]) -> tuple[dict[str, int], int]:
    """How many are overdue, by severity, and how many nobody sees to; one query."""
    rows = (
        standing.order_by()
        .values("severity")
        .annotate(
            late=Count("pk", filter=Q(is_overdue=True)),
            unowned=Count("pk", filter=Q(triage__owner__isnull=True)),
        )
    )
    found = {row["severity"]: row for row in rows}
    late = {each: found[each]["late"] if each in found else 0 for each in SEVERITIES}
    return late, sum(row["unowned"] for row in found.values())


def _groups(
    standing: QuerySet[Any], within: QuerySet[FindingTransition], *, path: str
) -> list[Group]:
    """The groups with the most open ones first, in three queries."""
    groups: dict[str, Group] = {}

    def group(row: Mapping[str, Any], key: str) -> Group:
        name = row[key] or ""
        return groups.setdefault(name, Group(name))

    rows = standing.order_by().values(path, "severity", "is_overdue").annotate(number=Count("pk"))
    for row in rows:
        found = group(row, path)
        found.open[row["severity"]] += row["number"]
        found.overdue += row["number"] if row["is_overdue"] else 0
    of_finding = f"finding__{path}"
    back = within.order_by().filter(was_state="resolved").exclude(state="resolved")
    for row in back.values(of_finding).annotate(number=Count("pk")):
        group(row, of_finding).regressed = row["number"]
    for row in _mended(within).values(of_finding).annotate(number=Count("pk"), mean=Avg("took")):
        found = group(row, of_finding)
        found.mended, found.mean_seconds = row["number"], _seconds(row["mean"])
    worst = sorted(groups.values(), key=lambda each: (-each.open.total(), each.name))
    return worst[:MAX_GROUPS]
