"""Whether a version was permitted, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from audits.queries.permitted import Permit
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from audits.queries.permitted import Place
    from registry.models import Approval, Promotion


class PermitQuerySerializer(serializers.Serializer[Any]):
    """Which version, and when."""

    ref = serializers.CharField(help_text="A version, by number or alias.")
    at = serializers.DateTimeField(required=False, help_text="By default now.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Fill in the moment."""
        return {"at": timezone.now(), **attrs}


class PermitEntrySerializer(serializers.Serializer[Any]):
    """A journal entry that the answer rests on; its proof is at /api/audits/trail/{uuid}/proof/."""

    seq = serializers.IntegerField(allow_null=True)
    uuid = serializers.UUIDField()
    action = serializers.CharField()
    occurred_at = serializers.DateTimeField()
    actor = serializers.UUIDField(allow_null=True)
    roles = serializers.ListField(child=serializers.CharField())


class PermitApprovalSerializer(serializers.Serializer[Any]):
    """A decision that counted."""

    decision = serializers.CharField()
    decided_by = serializers.CharField()
    decided_at = serializers.DateTimeField()
    comment = serializers.CharField()

    def to_representation(self, instance: Approval) -> dict[str, Any]:
        """Return the decision with the name of who took it."""
        return {
            "decision": instance.decision,
            "decided_by": instance.decided_by.username,
            "decided_at": instance.decided_at,
            "comment": instance.comment,
        }


class PermitPromotionSerializer(serializers.Serializer[Any]):
    """The promotion that brought the version, with what every gate said."""

    uuid = serializers.UUIDField()
    promoted_from = serializers.CharField()
    alias = serializers.CharField()
    reason = serializers.CharField()
    requested_by = serializers.CharField()
    requested_at = serializers.DateTimeField()
    completed_at = serializers.DateTimeField()
    binding = serializers.CharField()
    required_approvals = serializers.IntegerField()
    verdicts = serializers.ListField(child=serializers.DictField())

    def to_representation(self, instance: Promotion) -> dict[str, Any]:
        """Return the promotion by names."""
        return {
            "uuid": instance.uuid,
            "promoted_from": str(reference_of(instance.source_version)),
            "alias": instance.alias,
            "reason": instance.reason,
            "requested_by": instance.requested_by.username,
            "requested_at": instance.requested_at,
            "completed_at": instance.closed_at,
            "binding": instance.binding,
            "required_approvals": instance.required_approvals,
            "verdicts": instance.verdicts,
        }


class PermitPlaceSerializer(serializers.Serializer[Any]):
    """A production workspace in which the version was; ``reasons`` say what was against it."""

    workspace = serializers.CharField(source="workspace.slug")
    ref = serializers.SerializerMethodField()
    digest = serializers.CharField(source="version.digest")
    arrived_at = serializers.DateTimeField(source="version.created_at")
    state = serializers.CharField(help_text="active, deprecated, archived or withdrawn")
    aliases = serializers.ListField(child=serializers.CharField())
    deployments = serializers.ListField(child=serializers.CharField())
    is_permitted = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    promotion = PermitPromotionSerializer(allow_null=True)
    approvals = PermitApprovalSerializer(many=True)
    entries = PermitEntrySerializer(many=True)

    @extend_schema_field(OpenApiTypes.STR)
    def get_ref(self, place: Place) -> str:
        """Return the version's reference."""
        return str(reference_of(place.version))


class VersionPermitSerializer(serializers.Serializer[Any]):
    """Whether a version was permitted in production at a time, by whom, on what evidence."""

    ref = serializers.SerializerMethodField()
    digest = serializers.CharField(source="version.digest")
    at = serializers.DateTimeField()
    is_permitted = serializers.BooleanField()
    places = PermitPlaceSerializer(many=True)

    @extend_schema_field(OpenApiTypes.STR)
    def get_ref(self, permit: Permit) -> str:
        """Return the version's reference."""
        return str(reference_of(permit.version))
