"""Shapes of uploads, artifacts and scans."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.canonical import MAX_INTEGER
from core.http.serializers import InputSerializer
from registry.models import ArtifactScan, Upload, VersionArtifact
from registry.queries.scans import PENDING
from registry.scanning import Verdict
from registry.storage import is_stored


class UploadSerializer(serializers.ModelSerializer[Upload]):
    """An upload as its uploader sees it."""

    workspace = serializers.CharField(source="workspace.slug")
    is_stored = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = (
            "uuid",
            "workspace",
            "declared_digest",
            "declared_size",
            "media_type",
            "is_stored",
            "digest",
            "size",
            "created_at",
            "stored_at",
            "expires_at",
        )

    def get_is_stored(self, upload: Upload) -> bool:
        """Tell whether the bytes are here and their digest is known."""
        return upload.stored_at is not None


class UploadCreateSerializer(InputSerializer):
    """What begins an upload; what is declared is checked when the bytes come in."""

    workspace = serializers.CharField(max_length=63)
    digest = serializers.CharField(max_length=200, allow_blank=True, default="")
    size = serializers.IntegerField(
        min_value=0, max_value=MAX_INTEGER, allow_null=True, required=False, default=None
    )
    media_type = serializers.CharField(max_length=200, allow_blank=True, default="")


class ArtifactFindingSerializer(serializers.Serializer[Any]):
    """Something that a scan saw."""

    code = serializers.CharField()
    detail = serializers.CharField()
    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])
    where = serializers.CharField(allow_blank=True)


class ArtifactScanSerializer(serializers.ModelSerializer[ArtifactScan]):
    """What one look at bytes found."""

    findings = ArtifactFindingSerializer(many=True)

    class Meta:
        model = ArtifactScan
        fields = ("verdict", "format", "findings", "tool", "tool_version", "scanned_at")


class StoredArtifactSerializer(serializers.ModelSerializer[VersionArtifact]):
    """An artifact with what is known about its bytes; ``scans`` in the context are by digest."""

    is_stored = serializers.SerializerMethodField()
    verdict = serializers.SerializerMethodField()
    scan = serializers.SerializerMethodField()

    class Meta:
        model = VersionArtifact
        fields = ("path", "uri", "digest", "size", "media_type", "is_stored", "verdict", "scan")

    def _scan(self, artifact: VersionArtifact) -> ArtifactScan | None:
        found: ArtifactScan | None = self.context["scans"].get(artifact.digest)
        return found if is_stored(artifact.uri) else None

    def get_is_stored(self, artifact: VersionArtifact) -> bool:
        """Tell whether the bytes are kept here."""
        return is_stored(artifact.uri)

    def get_verdict(self, artifact: VersionArtifact) -> str:
        """Return the scanner's verdict, or pending."""
        scan = self._scan(artifact)
        if scan is None:
            return PENDING if is_stored(artifact.uri) else Verdict.UNKNOWN
        return scan.verdict

    @extend_schema_field(ArtifactScanSerializer(allow_null=True))
    def get_scan(self, artifact: VersionArtifact) -> Any:
        """Return the newest look at the bytes."""
        scan = self._scan(artifact)
        return None if scan is None else ArtifactScanSerializer(scan).data


class ScanSummarySerializer(serializers.Serializer[Any]):
    """The worst verdict over a version's artifacts."""

    verdict = serializers.CharField()
    tool = serializers.CharField(allow_blank=True)
    tool_version = serializers.CharField(allow_blank=True)
    scanned_at = serializers.DateTimeField(allow_null=True)


class ScanRequestedSerializer(serializers.Serializer[Any]):
    """The background work that was asked for."""

    task = serializers.UUIDField(source="uuid")
    state = serializers.CharField()
