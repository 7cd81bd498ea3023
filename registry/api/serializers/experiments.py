"""Shapes of experiments."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.api.serializers.life import ReasonField
from registry.models import Experiment, ExperimentVerdict, TrackingDeletion, Verdict
from registry.queries.experiments import NOTE
from registry.queries.versions import reference_of

TEXT = 20_000
REFERENCE = 1_000
Tags = serializers.DictField


class VerdictSerializer(serializers.ModelSerializer[ExperimentVerdict]):
    """A verdict on a hypothesis; ``valid_to`` is null for the one that holds."""

    experiment = serializers.UUIDField(source="experiment.uuid")
    decided_by = serializers.CharField(source="decided_by.username")
    results = serializers.SerializerMethodField()

    class Meta:
        model = ExperimentVerdict
        fields = (
            "uuid",
            "experiment",
            "status",
            "text",
            "results",
            "decided_by",
            "valid_from",
            "valid_to",
        )

    def get_results(self, verdict: ExperimentVerdict) -> list[str | None]:
        """Return the references of the results; null for those the caller may not see."""
        readable = self.context["readable"]
        return [
            str(reference_of(link.version)) if link.version.asset.workspace_id in readable else None
            for link in verdict.results.all()
        ]


class DeletionSerializer(serializers.ModelSerializer[TrackingDeletion]):
    """That an experiment or a run is deleted, by whom and why."""

    deleted_by = serializers.CharField(source="deleted_by.username")
    deleted_at = serializers.DateTimeField(source="valid_from")

    class Meta:
        model = TrackingDeletion
        fields = ("deleted_at", "deleted_by", "reason")


class Tracked(serializers.Serializer[Any]):
    """What experiments and runs have in common: tags, description, and whether they are deleted."""

    tags = serializers.SerializerMethodField()
    description = serializers.SerializerMethodField()
    deletion = serializers.SerializerMethodField()

    def get_tags(self, row: Any) -> dict[str, str]:
        """Return the tags by key."""
        return {tag.key: tag.value for tag in row.tags.all()}

    def get_description(self, row: Any) -> str:
        """Return the description, which is a tag for clients of MLflow."""
        return self.get_tags(row).get(NOTE, "")

    @extend_schema_field(DeletionSerializer(allow_null=True))
    def get_deletion(self, row: Any) -> dict[str, Any] | None:
        """Return the deletion that stands, if one does."""
        standing = row.standing_deletions
        return dict(DeletionSerializer(standing[0]).data) if standing else None


class ExperimentSerializer(Tracked, serializers.ModelSerializer[Experiment]):
    """An experiment with the verdict that holds."""

    workspace = serializers.CharField(source="workspace.slug")
    created_by = serializers.CharField(source="created_by.username")
    status = serializers.SerializerMethodField()
    verdict = serializers.SerializerMethodField()
    former_names = serializers.SerializerMethodField()

    class Meta:
        model = Experiment
        fields = (
            "uuid",
            "workspace",
            "name",
            "former_names",
            "hypothesis",
            "description",
            "status",
            "verdict",
            "tags",
            "artifact_location",
            "lifecycle_stage",
            "deletion",
            "created_at",
            "updated_at",
            "created_by",
        )

    def get_status(self, experiment: Any) -> str:
        """Return how the hypothesis stands."""
        standing = experiment.standing_verdicts
        return str(standing[0].status) if standing else Verdict.OPEN.value

    def get_verdict(self, experiment: Any) -> dict[str, Any] | None:
        """Return the verdict that holds, with its results."""
        standing = experiment.standing_verdicts
        return dict(VerdictSerializer(standing[0], context=self.context).data) if standing else None

    def get_former_names(self, experiment: Experiment) -> list[str]:
        """Return the names that it bore, which no other may bear."""
        return [former.name for former in experiment.former_names.all()]


class ExperimentCreateSerializer(InputSerializer):
    """What creates an experiment."""

    workspace = serializers.CharField(max_length=63)
    name = serializers.CharField(max_length=1_000, trim_whitespace=False)
    hypothesis = serializers.CharField(max_length=TEXT, allow_blank=True, default="")
    artifact_location = serializers.CharField(max_length=2_000, allow_blank=True, default="")
    tags = Tags(child=serializers.CharField(allow_blank=True), default=dict)


class ConcludeSerializer(InputSerializer):
    """What concludes on a hypothesis."""

    status = serializers.ChoiceField(choices=Verdict.choices)
    text = serializers.CharField(max_length=TEXT)
    results = serializers.ListField(
        child=serializers.CharField(max_length=REFERENCE), max_length=100, default=list
    )


class ExperimentChangeSerializer(InputSerializer):
    """What renames or describes an experiment; what is left out stays."""

    name = serializers.CharField(max_length=1_000, trim_whitespace=False, required=False)
    description = serializers.CharField(max_length=8_000, allow_blank=True, required=False)
    reason = ReasonField()


class RestoreSerializer(InputSerializer):
    """Why something is restored."""

    reason = ReasonField()
