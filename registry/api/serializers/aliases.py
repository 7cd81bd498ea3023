"""Shapes of aliases and their moves."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import AliasMove
from registry.queries.versions import asset_reference


class AliasSerializer(serializers.Serializer[Any]):
    """Where an alias points."""

    alias = serializers.CharField(source="name")
    asset = serializers.SerializerMethodField()
    ref = serializers.SerializerMethodField()
    number = serializers.IntegerField(source="version.number")
    digest = serializers.CharField(source="version.digest")
    moved_at = serializers.DateTimeField()

    def get_asset(self, alias: Any) -> str:
        """Return the reference of the asset."""
        return str(asset_reference(alias.asset))

    def get_ref(self, alias: Any) -> str:
        """Return the reference by alias."""
        return f"{asset_reference(alias.asset)}@{alias.name}"


class AliasMoveSerializer(serializers.ModelSerializer[AliasMove]):
    """One move of an alias."""

    alias = serializers.CharField(source="name")
    asset = serializers.SerializerMethodField()
    from_number = serializers.IntegerField(source="from_version.number", default=None)
    to_number = serializers.IntegerField(source="to_version.number", default=None)
    moved_by = serializers.CharField(source="moved_by.username")

    class Meta:
        model = AliasMove
        fields = (
            "uuid",
            "asset",
            "alias",
            "from_number",
            "to_number",
            "moved_at",
            "moved_by",
            "reason",
        )

    def get_asset(self, move: AliasMove) -> str:
        """Return the reference of the asset."""
        return str(asset_reference(move.asset))


class AliasMoveInputSerializer(InputSerializer):
    """What moves an alias; leave ``expected`` out to move it wherever it points."""

    asset = serializers.CharField(max_length=1_000)
    alias = serializers.CharField(max_length=1_000)
    to = serializers.IntegerField(min_value=1, max_value=2**31 - 1, allow_null=True)
    expected = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, allow_null=True, required=False
    )
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")
