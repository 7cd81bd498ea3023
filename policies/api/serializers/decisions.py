"""Shapes of decisions."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from policies.models import Decision, DocumentKind
from policies.models.decision import MAX_SUBJECT
from policies.queries.modifications import modification_of
from registry import access
from registry.permissions import Permission


class FindingSerializer(serializers.Serializer[Any]):
    """Where in the document, and why."""

    path = serializers.CharField()
    msg = serializers.CharField()


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """A decision as lists answer it; ``state`` is the policy's own, before any exemption."""

    kind = serializers.ChoiceField(
        source="evaluation.kind", choices=DocumentKind.choices, read_only=True
    )
    workspace = serializers.CharField(source="evaluation.workspace.slug")
    subject = serializers.CharField(source="evaluation.subject", max_length=MAX_SUBJECT)
    policy = serializers.CharField(source="policy_version.reference")
    policy_digest = serializers.CharField(source="policy_version.digest")
    title = serializers.CharField(source="policy_version.title")
    severity = serializers.CharField(source="policy_version.severity")
    assignment = serializers.UUIDField(source="assignment.uuid")
    attestation = serializers.UUIDField(source="attestation.uuid", default=None)
    snapshot = serializers.UUIDField(source="snapshot.uuid", default=None)
    version = serializers.UUIDField(source="version.uuid", default=None)
    input_digest = serializers.CharField(source="input_id")
    findings = FindingSerializer(many=True)
    bundle_digest = serializers.CharField(source="evaluation.bundle_digest")
    parameters = serializers.DictField(source="evaluation.parameters")
    engine = serializers.CharField(source="evaluation.engine")
    engine_version = serializers.CharField(source="evaluation.engine_version")
    evaluated_at = serializers.DateTimeField(source="evaluation.evaluated_at")

    class Meta:
        model = Decision
        fields: tuple[str, ...] = (
            "uuid",
            "kind",
            "workspace",
            "subject",
            "policy",
            "policy_digest",
            "title",
            "severity",
            "assignment",
            "reference_id",
            "snapshot",
            "version",
            "state",
            "findings",
            "error",
            "attestation",
            "input_digest",
            "bundle_digest",
            "parameters",
            "engine",
            "engine_version",
            "duration_us",
            "evaluated_at",
        )


class ModificationSerializer(serializers.Serializer[Any]):
    """A JSON Patch (RFC 6902) of the configuration that would mend a failure: shown, never
    applied. ``diff`` is what it would change; ``error`` says why it does not fit."""

    patch = serializers.ListField(child=serializers.DictField())
    diff = serializers.CharField()
    error = serializers.CharField()


class DecisionDetailSerializer(DecisionSerializer):
    """A decision with the document that the policy judged.

    The document of a promotion tells specs of other workspaces: only who may read the trail of
    the target gets it, others null; ``input_digest`` is there for all.
    """

    input = serializers.SerializerMethodField()
    modification = serializers.SerializerMethodField()

    class Meta(DecisionSerializer.Meta):
        fields = (*DecisionSerializer.Meta.fields, "input", "modification")

    def get_input(self, decision: Decision) -> dict[str, Any] | None:
        """Return the input as it was given to the engine."""
        is_configuration = decision.kind == DocumentKind.CONFIGURATION
        needed = Permission.VIEW if is_configuration else Permission.VIEW_TRAIL
        if not access.allows(self.context["actor"], needed, decision.workspace_id):
            return None
        document: dict[str, Any] = json.loads(bytes(decision.input.body))
        return document

    @extend_schema_field(ModificationSerializer(allow_null=True))
    def get_modification(self, decision: Decision) -> dict[str, Any] | None:
        """Return what the policy proposes; null unless it failed and proposes something."""
        document = self.get_input(decision)
        version = decision.policy_version
        found = modification_of(version, document, state=decision.state) if document else None
        return ModificationSerializer(found).data if found else None


class ReplaySerializer(serializers.Serializer[Any]):
    """What the same text says about the same bytes now."""

    decision = serializers.UUIDField(source="decision.uuid")
    is_same = serializers.BooleanField()
    state = serializers.CharField(source="outcome.state.value")
    findings = FindingSerializer(many=True)
    error = serializers.CharField(source="outcome.error")
    engine = serializers.CharField(source="outcome.engine")
    engine_version = serializers.CharField(source="outcome.engine_version")
    recorded_state = serializers.CharField(source="decision.state")
    recorded_findings = FindingSerializer(source="decision.findings", many=True)
    recorded_engine = serializers.CharField(source="decision.engine")
    recorded_engine_version = serializers.CharField(source="decision.engine_version")


class ExportedPolicySerializer(serializers.Serializer[Any]):
    """The text that answered."""

    ref = serializers.CharField()
    path = serializers.CharField()
    package = serializers.CharField()
    digest = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``source``, which as a class attribute would hide a field's own."""
        return {**super().get_fields(), "source": serializers.CharField()}


class ExportedInputSerializer(serializers.Serializer[Any]):
    """The very text that was judged."""

    digest = serializers.CharField()
    text = serializers.CharField()


class ExportedAnswerSerializer(serializers.Serializer[Any]):
    """What was answered, and by which engine."""

    state = serializers.CharField()
    findings = FindingSerializer(many=True)
    error = serializers.CharField()
    engine = serializers.CharField()
    engine_version = serializers.CharField()


class ExportedDecisionSerializer(serializers.Serializer[Any]):
    """A decision with all that it rests on; ``digest`` covers the rest."""

    format = serializers.CharField()
    decision = serializers.UUIDField()
    evaluated_at = serializers.CharField()
    kind = serializers.CharField()
    workspace = serializers.CharField()
    subject = serializers.CharField()
    policy = ExportedPolicySerializer()
    input = ExportedInputSerializer()
    parameters = serializers.JSONField()
    bundle_digest = serializers.CharField()
    answer = ExportedAnswerSerializer()
    digest = serializers.CharField()
