"""Shapes of what an import did."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class ImportedPolicySerializer(serializers.Serializer[Any]):
    """What became of one thing in a bundle: created, unchanged, or valid in a dry run."""

    ref = serializers.CharField()
    outcome = serializers.CharField()


class PolicyImportSerializer(serializers.Serializer[Any]):
    """What an import did, policies first."""

    results = ImportedPolicySerializer(many=True)
