"""Shapes of cards, their revisions and reviews, and of what cards need."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.kinds import CHOICES
from registry.models import Card, CardReview, CardRevision, Workspace
from registry.models.card import CARD_DECISIONS
from registry.queries.versions import reference_of

AnyField = serializers.Field[Any, Any, Any, Any]


class CardSerializer(serializers.Serializer[Any]):
    """The card of a version: its text, where it stands, and what it lacks at each stage.

    ``status`` is null without a card; ``origin`` is "card", "spec" for one that came inside the
    spec, or null.
    """

    version = serializers.UUIDField()
    ref = serializers.CharField()
    status = serializers.ChoiceField(choices=Card.Status.choices, allow_null=True)
    origin = serializers.ChoiceField(choices=["card", "spec"], allow_null=True)
    revision = serializers.IntegerField()
    digest = serializers.CharField(allow_null=True)
    missing = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))

    def get_fields(self) -> dict[str, AnyField]:
        """Add ``fields``, which as a class attribute would hide the serializer's own."""
        text = serializers.DictField(child=serializers.CharField())
        return {**super().get_fields(), "fields": text}


class CardRowSerializer(serializers.ModelSerializer[Card]):
    """A card as lists answer it."""

    version = serializers.UUIDField(source="version.uuid")
    ref = serializers.SerializerMethodField()
    workspace = serializers.CharField(source="version.asset.workspace.slug")
    kind = serializers.CharField(source="version.asset.kind")
    revision = serializers.IntegerField(source="last_number")

    class Meta:
        model = Card
        fields = (
            "uuid",
            "version",
            "ref",
            "workspace",
            "kind",
            "status",
            "revision",
            "updated_at",
        )

    def get_ref(self, card: Card) -> str:
        """Return the reference of the version."""
        return str(reference_of(card.version))


class CardReviewSerializer(serializers.ModelSerializer[CardReview]):
    """A step of a revision."""

    taken_by = serializers.CharField(source="taken_by.username")

    class Meta:
        model = CardReview
        fields = ("uuid", "step", "comment", "taken_by", "taken_at")


class CardRevisionSerializer(serializers.ModelSerializer[CardRevision]):
    """A revision of a card, with what became of it."""

    written_by = serializers.CharField(source="written_by.username")
    reviews = CardReviewSerializer(many=True)

    class Meta:
        model = CardRevision
        fields = ("uuid", "number", "digest", "reason", "written_by", "written_at", "reviews")

    def get_fields(self) -> dict[str, AnyField]:
        """Add ``fields``, which as a class attribute would hide the serializer's own."""
        text = serializers.DictField(child=serializers.CharField())
        return {**super().get_fields(), "fields": text}


class CardWriteSerializer(InputSerializer):
    """What writes a revision: the whole text, by field."""

    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")

    def get_fields(self) -> dict[str, AnyField]:
        """Add ``fields``, which as a class attribute would hide the serializer's own."""
        return {"fields": serializers.DictField(), **super().get_fields()}


class CardSubmitSerializer(InputSerializer):
    """What asks for a review."""

    comment = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class CardDecisionSerializer(InputSerializer):
    """What accepts or returns a revision."""

    decision = serializers.ChoiceField(choices=CARD_DECISIONS)
    revision = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    comment = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class CardRequirementSerializer(serializers.Serializer[Any]):
    """What cards of a kind need at a stage."""

    kind = serializers.CharField()
    stage = serializers.CharField()
    is_default = serializers.BooleanField()

    def get_fields(self) -> dict[str, AnyField]:
        """Add ``fields``, which as a class attribute would hide the serializer's own."""
        names = serializers.ListField(child=serializers.CharField())
        return {**super().get_fields(), "fields": names}


class CardRequirementSetSerializer(InputSerializer):
    """What sets it; null goes back to the default."""

    kind = serializers.ChoiceField(choices=CHOICES)
    stage = serializers.ChoiceField(choices=Workspace.Stage.choices)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")

    def get_fields(self) -> dict[str, AnyField]:
        """Add ``fields``, which as a class attribute would hide the serializer's own."""
        names = serializers.ListField(
            child=serializers.CharField(max_length=100), max_length=100, allow_null=True
        )
        return {**super().get_fields(), "fields": names}
