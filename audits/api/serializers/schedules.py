"""Shapes of schedules of scans."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from rest_framework import serializers

from audits.models import ScanSchedule
from audits.queries.schedules import next_run, terms_of
from core.http.serializers import InputSerializer


class ScanScheduleChangeSerializer(InputSerializer):
    """Terms to change; what is left out stays."""

    name = serializers.CharField(max_length=150, required=False)
    workspaces = serializers.ListField(
        child=serializers.CharField(max_length=63),
        max_length=1_000,
        required=False,
        allow_null=True,
        help_text="Slugs; null is the organisation.",
    )
    cron = serializers.CharField(
        max_length=250,
        required=False,
        help_text="Minute, hour, day of month, month and day of week.",
    )
    timezone = serializers.CharField(max_length=63, required=False, help_text="Of the IANA.")
    every_minutes = serializers.IntegerField(required=False, min_value=5, max_value=527_040)
    enabled = serializers.BooleanField(required=False)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class ScanScheduleCreateSerializer(ScanScheduleChangeSerializer):
    """The terms of a new schedule: ``cron`` or ``every_minutes``."""

    name = serializers.CharField(max_length=150)


class ScanScheduleSerializer(serializers.ModelSerializer[ScanSchedule]):
    """A schedule: of the organisation where ``workspaces`` is null; ``next_run_at`` is null while
    it is switched off."""

    workspaces = serializers.SerializerMethodField()
    cron = serializers.SerializerMethodField()
    timezone = serializers.SerializerMethodField()
    every_minutes = serializers.SerializerMethodField()
    enabled = serializers.BooleanField(source="row.enabled")
    last_run_at = serializers.DateTimeField(source="row.last_run_at", allow_null=True)
    next_run_at = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.username", default=None)

    class Meta:
        model = ScanSchedule
        fields = (
            "uuid",
            "name",
            "scope",
            "workspaces",
            "cron",
            "timezone",
            "every_minutes",
            "enabled",
            "last_run_at",
            "next_run_at",
            "created_by",
            "created_at",
        )

    def get_workspaces(self, schedule: ScanSchedule) -> list[str] | None:
        """Return the slugs, null for the organisation."""
        return cast("list[str] | None", terms_of(schedule)["workspaces"])

    def get_cron(self, schedule: ScanSchedule) -> str | None:
        """Return the five fields."""
        return cast("str | None", terms_of(schedule)["cron"])

    def get_timezone(self, schedule: ScanSchedule) -> str | None:
        """Return where they count."""
        return cast("str | None", terms_of(schedule)["timezone"])

    def get_every_minutes(self, schedule: ScanSchedule) -> int | None:
        """Return the interval."""
        return cast("int | None", terms_of(schedule)["every_minutes"])

    def get_next_run_at(self, schedule: ScanSchedule) -> datetime | None:
        """Return when it runs next."""
        return next_run(schedule)
