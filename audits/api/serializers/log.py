"""The transparency log as JSON."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from rest_framework import serializers

from audits.models import LogCheckpoint, LogCosignature, LogKey
from audits.queries.cosigned import note_of

if TYPE_CHECKING:
    from audits.queries.log import ConsistencyProof, InclusionProof


class LogCosignatureSerializer(serializers.ModelSerializer[LogCosignature]):
    """That a witness saw the checkpoint, and nothing that contradicts it."""

    class Meta:
        model = LogCosignature
        fields = ["witness", "at"]


class LogCheckpointSerializer(serializers.ModelSerializer[LogCheckpoint]):
    """A signed tree; ``note`` is the C2SP checkpoint to keep, and to verify, with a line of each
    witness that cosigned it."""

    root_hash = serializers.SerializerMethodField(help_text="Hexadecimal digits.")
    note = serializers.SerializerMethodField()
    cosignatures = LogCosignatureSerializer(many=True, read_only=True)

    class Meta:
        model = LogCheckpoint
        fields = ["size", "origin", "root_hash", "note", "created_at", "cosignatures"]

    def to_representation(self, instance: LogCheckpoint) -> dict[str, Any]:
        """Return the checkpoint; its cosignatures are read once."""
        prefetch_related_objects([instance], "cosignatures")
        return super().to_representation(instance)

    def get_note(self, checkpoint: LogCheckpoint) -> str:
        """Return the note with its cosignatures."""
        return note_of(checkpoint)

    def get_root_hash(self, checkpoint: LogCheckpoint) -> str:
        """Return the root in hexadecimal digits."""
        return bytes(checkpoint.root).hex()


class NewestCheckpointSerializer(serializers.Serializer[Any]):
    """Which checkpoint is asked for."""

    witnesses = serializers.IntegerField(
        min_value=0,
        max_value=100,
        default=0,
        help_text="The newest that at least so many witnesses have cosigned.",
    )


class LogAnchorSerializer(serializers.Serializer[Any]):
    """How far an anchor of the log is."""

    name = serializers.CharField()
    kind = serializers.CharField(help_text="file, witness, git or timestamp.")
    size = serializers.IntegerField(help_text="Entries in the newest checkpoint that it took.")
    behind = serializers.IntegerField(help_text="Signed entries that it was not told of.")
    attempts = serializers.IntegerField(help_text="Failures in a row.")
    failing_since = serializers.DateTimeField(allow_null=True)
    next_try_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField()
    dispute = serializers.CharField(help_text="What it holds against the log; mostly empty.")
    known_size = serializers.IntegerField(
        allow_null=True, help_text="Entries in the tree that it knows, where it disputes the log."
    )
    moved_at = serializers.DateTimeField(allow_null=True)


class LogAnchorsSerializer(serializers.Serializer[Any]):
    """Every anchor that is configured."""

    results = LogAnchorSerializer(many=True)


class LogKeySerializer(serializers.ModelSerializer[LogKey]):
    """A public key as verifiers take it: name+id+base64."""

    class Meta:
        model = LogKey
        fields = ["purpose", "vkey", "statement", "added_at", "retired_at"]


class InclusionQuerySerializer(serializers.Serializer[Any]):
    """Which tree the proof is for."""

    size = serializers.IntegerField(
        min_value=1, required=False, help_text="A size that was signed; by default the newest."
    )


class InclusionProofSerializer(serializers.Serializer[Any]):
    """That an entry is a leaf of a signed tree (RFC 9162 section 2.1.3)."""

    index = serializers.IntegerField(help_text="The entry's seq.")
    leaf = serializers.CharField(help_text="SHA-256 of 0x00 and the entry's bytes, hexadecimal.")
    proof = serializers.ListField(
        child=serializers.CharField(), help_text="Hashes from the leaf upwards, base64."
    )
    checkpoint = LogCheckpointSerializer()

    def to_representation(self, instance: InclusionProof) -> dict[str, Any]:
        """Return the proof with its hashes as text."""
        return {
            "index": instance.index,
            "leaf": instance.leaf.hex(),
            "proof": _texts(instance.proof),
            "checkpoint": LogCheckpointSerializer(instance.checkpoint).data,
        }


class ConsistencyQuerySerializer(serializers.Serializer[Any]):
    """Which two trees: sizes that were signed."""

    first = serializers.IntegerField(min_value=1)
    second = serializers.IntegerField(
        min_value=1, required=False, help_text="By default the newest."
    )


class ConsistencyProofSerializer(serializers.Serializer[Any]):
    """That one signed tree is the beginning of another (RFC 9162 section 2.1.4)."""

    first = LogCheckpointSerializer()
    second = LogCheckpointSerializer()
    proof = serializers.ListField(child=serializers.CharField(), help_text="Hashes, base64.")

    def to_representation(self, instance: ConsistencyProof) -> dict[str, Any]:
        """Return the proof with its hashes as text."""
        return {
            "first": LogCheckpointSerializer(instance.first).data,
            "second": LogCheckpointSerializer(instance.second).data,
            "proof": _texts(instance.proof),
        }


def _texts(hashes: Any) -> list[str]:
    return [base64.b64encode(each).decode("ascii") for each in hashes]
