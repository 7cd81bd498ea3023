"""Shapes of the rules of promotions, and of proposals to ask for less."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import PromotionRule, PromotionRuleProposal
from registry.rules.conditions import schema

CONDITIONS = {key: schema()[key] for key in ("type", "description")} | {
    "additionalProperties": True,
}


@extend_schema_field(CONDITIONS)
class ConditionsField(serializers.JSONField):
    """Conditions by their published schema, which the service checks."""


class RuleSerializer(serializers.ModelSerializer[PromotionRule]):
    """A rule as it is answered; ``valid_to`` is null while it holds."""

    workspace = serializers.CharField(source="workspace.slug")
    conditions = ConditionsField()
    set_by = serializers.CharField(source="set_by.username", default=None)

    class Meta:
        model = PromotionRule
        fields = (
            "uuid",
            "workspace",
            "kind",
            "alias_pattern",
            "required_approvals",
            "conditions",
            "set_by",
            "valid_from",
            "valid_to",
        )


class RuleCreateSerializer(InputSerializer):
    """What sets a rule for a workspace, a kind and aliases; empty ones mean all."""

    workspace = serializers.CharField(max_length=63)
    kind = serializers.CharField(max_length=20, allow_blank=True, default="")
    alias_pattern = serializers.CharField(max_length=200, allow_blank=True, default="")
    required_approvals = serializers.IntegerField(min_value=0, max_value=20, default=0)
    conditions = ConditionsField(default=dict)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class RuleReasonSerializer(InputSerializer):
    """Why something is done."""

    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class RuleProposalSerializer(serializers.ModelSerializer[PromotionRuleProposal]):
    """A proposal as it is answered: what would hold instead of the rule ``replaces``."""

    workspace = serializers.CharField(source="workspace.slug")
    replaces = serializers.UUIDField(source="replaces.uuid")
    kind = serializers.CharField(source="replaces.kind")
    alias_pattern = serializers.CharField(source="replaces.alias_pattern")
    conditions = ConditionsField()
    proposed_by = serializers.CharField(source="proposed_by.username")
    closed_by = serializers.CharField(source="closed_by.username", default=None)

    class Meta:
        model = PromotionRuleProposal
        fields = (
            "uuid",
            "status",
            "workspace",
            "replaces",
            "kind",
            "alias_pattern",
            "is_end",
            "required_approvals",
            "conditions",
            "reason",
            "proposed_by",
            "proposed_at",
            "closed_by",
            "closed_at",
            "closing_reason",
        )


def answer_of(outcome: PromotionRule | PromotionRuleProposal) -> tuple[Any, bool]:
    """Return what came of a change, and whether it holds now or is only proposed."""
    if isinstance(outcome, PromotionRule):
        return RuleSerializer(outcome).data, True
    return RuleProposalSerializer(outcome).data, False
