"""Shapes of how findings went over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from audits.queries.due import SEVERITIES
from audits.queries.trend import GROUPS, MAX_DAYS, Group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.queries.trend import Trend


class TrendQuerySerializer(serializers.Serializer[Any]):
    """Of what, and in which form."""

    days = serializers.IntegerField(min_value=1, max_value=MAX_DAYS, required=False, default=90)
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    workspace = serializers.CharField(max_length=63, required=False, default="")
    policy = serializers.CharField(max_length=200, required=False, default="")
    control = serializers.CharField(
        max_length=300, required=False, default="", help_text="As framework/control."
    )
    framework = serializers.CharField(max_length=200, required=False, default="")
    by = serializers.ChoiceField(choices=tuple(GROUPS), required=False, default="workspace")
    format = serializers.ChoiceField(choices=("json", "csv"), required=False, default="json")


class BySeveritySerializer(serializers.Serializer[Any]):
    """A number for each severity."""

    critical = serializers.IntegerField(default=0)
    high = serializers.IntegerField(default=0)
    medium = serializers.IntegerField(default=0)
    low = serializers.IntegerField(default=0)


class SecondsBySeveritySerializer(serializers.Serializer[Any]):
    """Seconds for each severity, null where nothing was mended."""

    critical = serializers.IntegerField(allow_null=True)
    high = serializers.IntegerField(allow_null=True)
    medium = serializers.IntegerField(allow_null=True)
    low = serializers.IntegerField(allow_null=True)


class TrendDaySerializer(serializers.Serializer[Any]):
    """A day (UTC): what was open, overdue and exempt at its end, and what happened in it."""

    day = serializers.DateField()
    open = BySeveritySerializer()
    overdue = serializers.IntegerField()
    exempt = serializers.IntegerField()
    opened = serializers.IntegerField()
    regressed = serializers.IntegerField()
    mended = serializers.IntegerField()


class TrendGroupSerializer(serializers.Serializer[Any]):
    """A workspace or a policy: what is open now, and what happened in the days."""

    name = serializers.CharField()
    open = serializers.SerializerMethodField()
    overdue = serializers.IntegerField()
    regressed = serializers.IntegerField()
    mended = serializers.IntegerField()
    mean_seconds_to_mend = serializers.IntegerField(source="mean_seconds", allow_null=True)

    def get_open(self, group: Group) -> dict[str, int]:
        """Return how many are open, by severity."""
        return {severity: group.open[severity] for severity in SEVERITIES}


class FindingTrendSerializer(serializers.Serializer[Any]):
    """How findings went over some days; overdue and without owner are those that are open now."""

    since = serializers.DateField()
    until = serializers.DateTimeField()
    days = TrendDaySerializer(many=True)
    mean_seconds_to_mend = SecondsBySeveritySerializer(source="mean_seconds")
    regressed = serializers.IntegerField()
    mended = serializers.IntegerField()
    overdue = BySeveritySerializer()
    without_owner = serializers.IntegerField(source="unowned")
    groups = TrendGroupSerializer(many=True)


def csv_rows(trend: Trend) -> Iterator[tuple[object, ...]]:
    """Yield the days as rows of CSV, under their names."""
    opened = [f"open_{severity}" for severity in SEVERITIES]
    yield ("day", *opened, "overdue", "exempt", "opened", "regressed", "mended")
    for day in trend.days:
        numbers = [day.open[severity] for severity in SEVERITIES]
        happened = (day.opened, day.regressed, day.mended)
        yield (day.day.isoformat(), *numbers, day.overdue, day.exempt, *happened)
