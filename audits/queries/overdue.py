"""How many findings were overdue day by day, by the dates and due rules that counted then."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Value
from django.db.models.functions import Greatest, TruncDate

from audits.models import Finding, FindingChange, FindingTransition
from audits.queries.due import DEFAULT_DAYS, days_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.models import QuerySet

    from audits.models import DueRule

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Opened:
    """On which day findings of a workspace and a severity opened, and on which day they would have
    opened if the last day had ended at midnight."""

    workspace: int
    severity: str
    day: date
    in_full: date


@dataclass
class _Calendar:
    """Days by their place, the first is 0; the last one ends at ``until``, the others at midnight.

    ``steps`` are by how much the number that is overdue changes from one day to the next.
    """

    first: date
    until: datetime
    rules: Sequence[DueRule]
    steps: list[int] = field(default_factory=list)
    _periods: dict[int | None, list[tuple[int, int, Mapping[str, int | None]]]] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        self.number = (self.until.date() - self.first).days + 1
        self.steps = [0] * (self.number + 1)
        self.ruled = {rule.workspace_id for rule in self.rules}

    @property
    def missing(self) -> timedelta:
        """Return what the last day lacks to a full one."""
        midnight = datetime.combine(self.until.date() + DAY, time.min, tzinfo=UTC)
        return midnight - self.until

    def place(self, moment: datetime | None) -> int:
        """Return at the end of which day what happened then is known."""
        if moment is None or moment > self.until:
            return self.number
        return max(0, (moment.astimezone(UTC).date() - self.first).days)

    def add(self, number: int, due: int, *, since: int, before: int) -> None:
        """Count ``number`` at the ends of the days from ``due`` on that lie in that stretch."""
        start = max(since, due)
        if start < before:
            self.steps[start] += number
            self.steps[before] -= number

    def add_by_rule(self, number: int, opened: Opened, *, since: int, before: int) -> None:
        """Count ``number`` that were open in that stretch, by the rules that held in it."""
        for begins, ends, days in self._periods_of(opened.workspace):
            allowed = days[opened.severity]
            if allowed is not None:
                due = self._due(opened, timedelta(days=allowed))
                self.add(number, due, since=max(since, begins), before=min(before, ends))

    def _due(self, opened: Opened, allowed: timedelta) -> int:
        """From the end of which day it is overdue: a day later than its date where the last day is
        that date and is not over yet."""
        due = (opened.day + allowed - self.first).days
        last = self.number - 1
        if due < last:
            return due
        return last if (opened.in_full + allowed - self.first).days <= last else self.number

    def _periods_of(self, workspace: int) -> list[tuple[int, int, Mapping[str, int | None]]]:
        """From which day until before which day a workspace had which rule."""
        key = workspace if workspace in self.ruled else None
        if key not in self._periods:
            held: list[Mapping[str, int | None]] = [DEFAULT_DAYS] * self.number
            for place in dict.fromkeys((None, key)):
                for rule in (each for each in self.rules if each.workspace_id == place):
                    begins, ends = self.place(rule.valid_from), self.place(rule.valid_to)
                    held[begins:ends] = [days_of(rule)] * max(0, ends - begins)
            self._periods[key] = list(_stretches(held))
        return self._periods[key]

    def counted(self) -> list[int]:
        """Return how many were overdue at the end of each day."""
        total, found = 0, []
        for step in self.steps[: self.number]:
            total += step
            found.append(total)
        return found


def _stretches(
    held: Sequence[Mapping[str, int | None]],
) -> Iterator[tuple[int, int, Mapping[str, int | None]]]:
    begins = 0
    for days, group in groupby(held):
        ends = begins + sum(1 for _ in group)
        yield begins, ends, days
        begins = ends


def overdue_by_day(
    findings: QuerySet[Finding], rules: Sequence[DueRule], *, first: date, until: datetime
) -> list[int]:
    """Return how many of ``findings`` were open and past their date at the end of each day (UTC)
    from ``first`` on, and at ``until`` for the last, by ``rules``: all there ever were, the oldest
    first. At most three queries.

    A date counts as it stood at the end of that day: one that somebody had set by then, else that
    of the rule that held then.
    """
    calendar = _Calendar(first, until, [rule for rule in rules if rule.valid_from <= until])
    moves = FindingTransition.objects.filter(finding__in=findings.order_by(), at__lte=until)
    dates = FindingChange.objects.filter(field=FindingChange.Field.DUE, changed_at__lte=until)
    was_dated = Exists(dates.filter(finding=OuterRef("finding")))
    _count_by_rule(calendar, moves.filter(~was_dated))
    _count_dated(calendar, moves.filter(was_dated), dates.filter(finding__in=findings.order_by()))
    return calendar.counted()


def _count_by_rule(calendar: _Calendar, moves: QuerySet[FindingTransition]) -> None:
    """Whatever opened on the same day in the same place goes together."""
    start = datetime.combine(calendar.first, time.min, tzinfo=UTC)
    in_full = ExpressionWrapper(F("opened_at") + calendar.missing, output_field=DateTimeField())
    rows: Iterable[Mapping[str, Any]] = (
        moves.order_by()
        .annotate(
            day=TruncDate(Greatest("at", Value(start, output_field=DateTimeField())), tzinfo=UTC),
            opened=TruncDate("opened_at", tzinfo=UTC),
            in_full=TruncDate(in_full, tzinfo=UTC),
        )
        .values(
            "finding__workspace",
            "day",
            "opened",
            "in_full",
            "was_state",
            "was_severity",
            "state",
            "severity",
        )
        .annotate(number=Count("pk"))
    )
    for row in rows:
        since = (row["day"] - calendar.first).days
        for name, sign in (("", 1), ("was_", -1)):
            if row[f"{name}state"] == Finding.State.OPEN:
                opened = Opened(
                    row["finding__workspace"],
                    row[f"{name}severity"],
                    row["opened"],
                    row["in_full"],
                )
                calendar.add_by_rule(
                    sign * row["number"], opened, since=since, before=calendar.number
                )


def _count_dated(
    calendar: _Calendar, moves: QuerySet[FindingTransition], dates: QuerySet[FindingChange]
) -> None:
    """Those whose date somebody ever set: each by itself."""
    said: dict[int, list[FindingChange]] = {}
    for change in dates.order_by("changed_at", "pk"):
        said.setdefault(change.finding_id, []).append(change)
    if not said:
        return
    rows = moves.select_related("finding").order_by("finding_id", "at", "pk")
    for key, group in groupby(rows, key=lambda move: move.finding_id):
        _count_one(calendar, list(group), said[key])


def _count_one(
    calendar: _Calendar, moves: Sequence[FindingTransition], said: Sequence[FindingChange]
) -> None:
    """From each thing that happened to the next, state and date stay what they are."""
    told: list[tuple[datetime, int, Any]] = [(move.at, 0, move) for move in moves]
    told += [(change.changed_at, 1, change) for change in said]
    told.sort(key=lambda each: each[:2])
    ends: list[tuple[datetime | None, int, Any]] = [*told, (None, 0, None)]
    move: FindingTransition | None = None
    change: FindingChange | None = None
    for (at, is_change, what), (until, _, _) in pairwise(ends):
        move, change = (move, what) if is_change else (what, change)
        if move is None or move.state != Finding.State.OPEN:
            continue
        since, before = calendar.place(at), calendar.place(until)
        if change is not None and change.due_at is not None and change.changed_at >= move.opened_at:
            due = calendar.place(change.due_at) if change.due_at < calendar.until else None
            calendar.add(1, calendar.number if due is None else due, since=since, before=before)
        else:
            opened_at = move.opened_at.astimezone(UTC)
            opened = Opened(
                move.finding.workspace_id,
                move.severity,
                opened_at.date(),
                (opened_at + calendar.missing).date(),
            )
            calendar.add_by_rule(1, opened, since=since, before=before)
