"""Shapes of the kinds of asset."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry.kinds import Kind


class KindSerializer(serializers.Serializer[Any]):
    """A kind as it is answered."""

    kind = serializers.CharField(source="slug")
    summary = serializers.CharField()
    schema_version = serializers.IntegerField()
    link_roles = serializers.SerializerMethodField()
    member_roles = serializers.SerializerMethodField()

    def get_fields(self) -> dict[str, Any]:
        """Add ``label``, which is an attribute of every serializer."""
        return {**super().get_fields(), "label": serializers.CharField()}

    def get_link_roles(self, kind: Kind) -> list[str]:
        """Return the roles of the links that its versions may start."""
        return sorted(kind.link_roles)

    def get_member_roles(self, kind: Kind) -> list[str]:
        """Return those of them that lead to members."""
        return sorted(kind.member_roles)


class KindPageSerializer(serializers.Serializer[Any]):
    """Every kind; there is no further page."""

    results = KindSerializer(many=True)
    next = serializers.URLField(allow_null=True)
