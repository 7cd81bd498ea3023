"""Shapes of promotions and approvals."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import Approval, Promotion
from registry.queries.versions import reference_of


class PromotionSerializer(serializers.ModelSerializer[Promotion]):
    """A promotion as it is answered, with every verdict."""

    target = serializers.CharField(source="target.slug")
    target_version = serializers.SerializerMethodField()
    requested_by = serializers.CharField(source="requested_by.username")

    class Meta:
        model = Promotion
        fields: tuple[str, ...] = (
            "uuid",
            "status",
            "target",
            "target_version",
            "alias",
            "reason",
            "verdicts",
            "binding",
            "required_approvals",
            "requested_by",
            "requested_at",
            "expires_at",
            "closed_at",
            "rolled_back_at",
        )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``source``, which as a class attribute would hide a field's own."""
        return {**super().get_fields(), "source": serializers.SerializerMethodField()}

    def get_source(self, promotion: Promotion) -> str:
        """Return the reference of the version that is promoted."""
        return str(reference_of(promotion.source_version))

    def get_target_version(self, promotion: Promotion) -> str | None:
        """Return the reference of the copy in the target, once there is one."""
        result = promotion.target_version
        return str(reference_of(result)) if result else None


class StaleSerializer(serializers.Serializer[Any]):
    """A gate that would answer otherwise now, and why."""

    gate = serializers.CharField()
    message = serializers.CharField()


class PromotionDetailSerializer(PromotionSerializer):
    """One promotion: beside what is on show, whether that is still so."""

    is_stale = serializers.SerializerMethodField()
    stale_because = serializers.SerializerMethodField()

    class Meta(PromotionSerializer.Meta):
        fields = (*PromotionSerializer.Meta.fields, "is_stale", "stale_because")

    def get_is_stale(self, promotion: Promotion) -> bool:
        """Tell whether a gate would answer otherwise: then look again before you decide."""
        return bool(self.context["stale_because"])

    @extend_schema_field(StaleSerializer(many=True))
    def get_stale_because(self, promotion: Promotion) -> Any:
        """Return what changed since."""
        return self.context["stale_because"]


class PromotionCreateSerializer(InputSerializer):
    """What requests a promotion."""

    target = serializers.CharField(max_length=63)
    alias = serializers.CharField(max_length=1_000, allow_blank=True, default="")
    reason = serializers.CharField(max_length=4_000)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``source``, which as a class attribute would hide a field's own."""
        return {"source": serializers.CharField(max_length=1_000), **super().get_fields()}


class ReviewSerializer(serializers.Serializer[Any]):
    """What the gates would say."""

    would = serializers.CharField()
    verdicts = serializers.JSONField()
    binding = serializers.CharField()
    required_approvals = serializers.IntegerField()
    closure = serializers.ListField(
        child=serializers.DictField(), help_text="The version and its members, as a tree by depth."
    )
    approvals = serializers.ListField(
        child=serializers.DictField(), help_text="What each rule asks for, and who could give it."
    )


class PromotionRollbackSerializer(InputSerializer):
    """Why the promoted alias goes back."""

    reason = serializers.CharField(max_length=4_000)


class WithdrawSerializer(InputSerializer):
    """Why a promotion is taken back."""

    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class ApprovalSerializer(serializers.ModelSerializer[Approval]):
    """A decision as it is answered."""

    promotion = serializers.UUIDField(source="promotion.uuid")
    decided_by = serializers.CharField(source="decided_by.username")
    is_stale = serializers.SerializerMethodField()

    class Meta:
        model = Approval
        fields = (
            "uuid",
            "promotion",
            "decision",
            "comment",
            "binding",
            "is_stale",
            "decided_by",
            "decided_at",
        )

    def get_is_stale(self, approval: Approval) -> bool:
        """Tell whether the promotion has changed since."""
        return approval.binding != approval.promotion.binding


class ApprovalCreateSerializer(InputSerializer):
    """What decides on a promotion; to approve takes the ``binding`` that was looked at."""

    promotion = serializers.UUIDField()
    decision = serializers.ChoiceField(choices=Approval.Decision.choices)
    comment = serializers.CharField(max_length=4_000, allow_blank=True, default="")
    binding = serializers.CharField(max_length=71, allow_blank=True, default="")
