"""Shapes of exemptions."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.http.serializers import InputSerializer
from policies.models import Exemption
from policies.queries.needs import NEEDS, Need


class ExemptionSerializer(serializers.ModelSerializer[Exemption]):
    """An exemption as it is answered; ``need`` tells whether the policies behind it passed when
    they were asked last: needed, no_longer_needed, or untested."""

    status = serializers.CharField()
    assignment = serializers.UUIDField(source="assignment.uuid")
    workspace = serializers.CharField(source="workspace.slug")
    resource = serializers.UUIDField(source="resource.uuid", default=None)
    reference_ids = serializers.ListField(child=serializers.CharField())
    owner = serializers.CharField(source="owner.username")
    need = serializers.SerializerMethodField()
    requested_by = serializers.CharField(source="requested_by.username")
    approved_by = serializers.CharField(source="approved_by.username", default=None)
    ended_by = serializers.CharField(source="ended_by.username", default=None)
    ended_at = serializers.DateTimeField(source="valid_to", allow_null=True)

    class Meta:
        model = Exemption
        fields = (
            "uuid",
            "status",
            "assignment",
            "workspace",
            "reference_ids",
            "resource",
            "asset",
            "category",
            "reason",
            "ticket",
            "owner",
            "need",
            "requested_by",
            "requested_at",
            "approved_by",
            "approved_at",
            "expires_at",
            "ended_at",
            "ended_by",
        )

    @extend_schema_field(serializers.ChoiceField(choices=NEEDS))
    def get_need(self, exemption: Exemption) -> str:
        """Return whether it is still needed; the view looks that up for all that it shows."""
        needs: dict[int, Need] = self.context["needs"]
        return needs[exemption.pk].value


class ExemptionCreateSerializer(InputSerializer):
    """What asks for an exemption."""

    assignment = serializers.UUIDField()
    workspace = serializers.CharField(max_length=63)
    reference_ids = serializers.ListField(
        child=serializers.CharField(max_length=200), max_length=500, default=list
    )
    resource = serializers.UUIDField(allow_null=True, default=None)
    asset = serializers.CharField(max_length=250, allow_blank=True, default="")
    category = serializers.ChoiceField(choices=Exemption.Category.choices)
    reason = serializers.CharField(max_length=4_000)
    owner = serializers.CharField(max_length=150, allow_blank=True, default="")
    ticket = serializers.CharField(max_length=500, allow_blank=True, default="")
    expires_at = serializers.DateTimeField()
