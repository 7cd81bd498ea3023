"""Shapes of trusted keys and model signatures."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import ModelSignature, SignatureVerification, TrustedKey


class TrustedKeySerializer(serializers.ModelSerializer[TrustedKey]):
    """A key that a workspace trusts, or trusted."""

    workspace = serializers.CharField(source="workspace.slug")
    set_by = serializers.CharField(source="set_by.username")

    class Meta:
        model = TrustedKey
        fields = (
            "uuid",
            "workspace",
            "name",
            "fingerprint",
            "pem",
            "set_by",
            "valid_from",
            "valid_to",
        )


class TrustedKeyCreateSerializer(InputSerializer):
    """What lets a workspace trust a key."""

    workspace = serializers.CharField(max_length=63)
    name = serializers.CharField(max_length=200)
    pem = serializers.CharField(max_length=10_000)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class SignatureVerificationSerializer(serializers.ModelSerializer[SignatureVerification]):
    """What one verification found."""

    class Meta:
        model = SignatureVerification
        fields = ("status", "reason", "signer", "tool", "tool_version", "verified_at")


class ModelSignatureSerializer(serializers.ModelSerializer[ModelSignature]):
    """A signature of a version, with the newest verification."""

    added_by = serializers.CharField(source="added_by.username")
    verification = serializers.SerializerMethodField()

    class Meta:
        model = ModelSignature
        fields = ("uuid", "digest", "added_by", "added_at", "verification", "bundle")

    @extend_schema_field(SignatureVerificationSerializer(allow_null=True))
    def get_verification(self, signature: ModelSignature) -> Any:
        """Return the newest verification, null while it is pending."""
        newest = next(iter(signature.verifications.all()), None)
        return None if newest is None else SignatureVerificationSerializer(newest).data


class SignatureCreateSerializer(InputSerializer):
    """What hands in a signature: the text of the bundle, byte for byte."""

    bundle = serializers.CharField(max_length=1024 * 1024, trim_whitespace=False)
