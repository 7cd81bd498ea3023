"""Shapes of prompt templates."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer


class TemplateSerializer(serializers.Serializer[Any]):
    """A template as it is answered."""

    name = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    spec = serializers.JSONField()
    card = serializers.JSONField()


class TemplatePageSerializer(serializers.Serializer[Any]):
    """Every template; there is no further page."""

    results = TemplateSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class InstantiateSerializer(InputSerializer):
    """What makes a prompt of a template."""

    workspace = serializers.CharField(max_length=63)
    name = serializers.CharField(max_length=1_000, allow_blank=True, default="")
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=1_000), max_length=20, default=list
    )
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")
