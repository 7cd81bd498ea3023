"""Shapes of attestations."""

from __future__ import annotations

from rest_framework import serializers

from core.http.serializers import InputSerializer
from policies.models import Attestation, AttestationEvidence
from policies.models.attestation import MAX_TITLE, MAX_URI
from policies.services.evidence import MAX_EVIDENCE


class EvidenceSerializer(serializers.ModelSerializer[AttestationEvidence]):
    """A piece of evidence: an address, or a stored file with its digest."""

    class Meta:
        model = AttestationEvidence
        fields = ("uuid", "title", "uri", "digest", "size", "media_type")


class AttestationSerializer(serializers.ModelSerializer[Attestation]):
    """An attestation as it is answered."""

    status = serializers.CharField()
    assignment = serializers.UUIDField(source="assignment.uuid")
    workspace = serializers.CharField(source="workspace.slug")
    resource = serializers.UUIDField(source="resource.uuid", default=None)
    owner = serializers.CharField(source="owner.username")
    attested_by = serializers.CharField(source="attested_by.username")
    attested_at = serializers.DateTimeField(source="valid_from")
    ended_at = serializers.DateTimeField(source="valid_to", allow_null=True)
    ended_by = serializers.CharField(source="ended_by.username", default=None)
    evidence = EvidenceSerializer(many=True)

    class Meta:
        model = Attestation
        fields = (
            "uuid",
            "status",
            "assignment",
            "workspace",
            "reference_id",
            "resource",
            "asset",
            "state",
            "comments",
            "owner",
            "attested_by",
            "attested_at",
            "assessed_at",
            "expires_at",
            "ended_at",
            "ended_by",
            "evidence",
        )


class EvidenceGivenSerializer(InputSerializer):
    """A piece of evidence: exactly one of an address and an upload into the workspace."""

    title = serializers.CharField(max_length=MAX_TITLE)
    uri = serializers.CharField(max_length=MAX_URI, allow_blank=True, default="")
    upload = serializers.UUIDField(allow_null=True, default=None)


class AttestationCreateSerializer(InputSerializer):
    """What attests."""

    assignment = serializers.UUIDField()
    workspace = serializers.CharField(max_length=63)
    reference_id = serializers.CharField(max_length=200, allow_blank=True, default="")
    resource = serializers.UUIDField(allow_null=True, default=None)
    asset = serializers.CharField(max_length=250, allow_blank=True, default="")
    state = serializers.ChoiceField(choices=Attestation.State.choices)
    comments = serializers.CharField(max_length=4_000, allow_blank=True, default="")
    owner = serializers.CharField(max_length=150, allow_blank=True, default="")
    assessed_at = serializers.DateTimeField(allow_null=True, default=None)
    expires_at = serializers.DateTimeField()
    evidence = serializers.ListField(
        child=EvidenceGivenSerializer(), max_length=MAX_EVIDENCE, default=list
    )
