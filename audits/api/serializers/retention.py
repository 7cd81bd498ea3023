"""Shapes of retention rules and runs, of holds and of erasures."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from audits.api.serializers.scans import ProgressSerializer
from audits.models import Erasure, Hold, RetentionRun
from audits.models.retention import MAX_DAYS
from audits.queries.retention import RECORDS
from audits.services.holds import MAX_REASON
from core.http.serializers import InputSerializer
from registry.queries.versions import asset_reference, reference_of


class RetentionRuleSetSerializer(InputSerializer):
    """What sets a rule: records of a kind go when they are older than so many days."""

    record = serializers.ChoiceField(choices=list(RECORDS))
    days = serializers.IntegerField(min_value=1, max_value=MAX_DAYS)
    reason = serializers.CharField(max_length=MAX_REASON)


class RetentionRuleEndSerializer(InputSerializer):
    """What ends a rule."""

    record = serializers.ChoiceField(choices=list(RECORDS))
    reason = serializers.CharField(max_length=MAX_REASON)


class RetentionRecordSerializer(serializers.Serializer[Any]):
    """A kind of record, and the rule for it; ``days`` is null where it stays."""

    record = serializers.CharField()
    title = serializers.CharField()
    about = serializers.CharField()
    least_days = serializers.IntegerField(help_text="The shortest rule that there may be.")
    days = serializers.IntegerField(allow_null=True)
    since = serializers.DateTimeField(allow_null=True)
    set_by = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


class RetentionSerializer(serializers.Serializer[Any]):
    """How long each kind of record is kept."""

    records = RetentionRecordSerializer(many=True)


class RetentionRunCreateSerializer(InputSerializer):
    """What asks for the rules to be applied, or counted; ``what_if`` are days by kind of record."""

    is_dry_run = serializers.BooleanField()
    what_if = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_DAYS), required=False
    )


class RetentionRunSerializer(serializers.ModelSerializer[RetentionRun]):
    """An application of the rules; ``counts`` come with its end."""

    status = serializers.SerializerMethodField()
    requested_by = serializers.CharField(source="requested_by.username", default=None)
    progress = ProgressSerializer(source="task", allow_null=True)
    counts = serializers.DictField(allow_null=True)

    class Meta:
        model = RetentionRun
        fields = (
            "uuid",
            "is_dry_run",
            "as_of",
            "status",
            "requested_by",
            "progress",
            "completed_at",
            "counts",
        )

    def get_status(self, run: RetentionRun) -> str:
        """Return queued, running, completed or failed."""
        if run.completed_at is not None:
            return "completed"
        return run.task.state if run.task else "running"


class HoldPlaceSerializer(InputSerializer):
    """What places a hold."""

    scope = serializers.ChoiceField(choices=Hold.Scope.choices)
    target = serializers.CharField(
        required=False,
        max_length=1_000,
        help_text="Slug, reference, or id of what is held; left out for the organisation.",
    )
    reason = serializers.CharField(max_length=MAX_REASON)


class HoldReleaseSerializer(InputSerializer):
    """What releases a hold."""

    reason = serializers.CharField(max_length=MAX_REASON)


class HoldSerializer(serializers.ModelSerializer[Hold]):
    """A hold as it is answered; null ``released_at`` means that it is in force."""

    target = serializers.SerializerMethodField()
    placed_by = serializers.CharField(source="placed_by.username")
    released_by = serializers.CharField(source="released_by.username", default=None)

    class Meta:
        model = Hold
        fields = (
            "uuid",
            "scope",
            "target",
            "reason",
            "placed_by",
            "placed_at",
            "released_by",
            "released_at",
            "release_reason",
        )

    def get_target(self, hold: Hold) -> str | None:
        """Return what is held, as it would be named in a request."""
        return target_of(hold)


def target_of(hold: Hold) -> str | None:
    """Return what a hold is on: a slug, a reference or an id; None for the organisation."""
    if hold.workspace is not None:
        return hold.workspace.slug
    if hold.asset is not None:
        return str(asset_reference(hold.asset))
    if hold.version is not None:
        return str(reference_of(hold.version))
    named = hold.scan or hold.report or hold.account
    return str(named.uuid) if named else None


class ErasureCreateSerializer(InputSerializer):
    """What asks for a person to be erased; the reason stays, so it names nobody."""

    account = serializers.CharField(max_length=150, help_text="Name or id of the account.")
    reason = serializers.CharField(max_length=MAX_REASON)


class ErasureSerializer(serializers.ModelSerializer[Erasure]):
    """That a person was erased; ``counts`` are the rows that went."""

    account = serializers.UUIDField(source="account.uuid")
    erased_by = serializers.CharField(source="erased_by.username")
    counts = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = Erasure
        fields = ("uuid", "account", "reason", "erased_by", "erased_at", "counts")
