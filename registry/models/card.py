"""Cards: governed prose beside an immutable version, with every revision and review on record."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.facts import Fact
from core.fields import CanonicalJSONField
from core.ids import new_uuid
from registry.kinds import KINDS
from registry.models.version import DIGEST_LENGTH, AssetVersion
from registry.models.workspace import Workspace

CARD_DECISIONS = [("accepted", "accepted"), ("returned", "returned")]


class Card(models.Model):
    """What people need to know of a version: where its text stands in its own life."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        IN_REVIEW = "in_review"
        ACCEPTED = "accepted"
        RETURNED = "returned"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    version = models.OneToOneField(AssetVersion, on_delete=models.PROTECT, related_name="card")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    last_number = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review", "accepted", "returned"]),
                name="card_status",
            ),
        ]
        indexes = [models.Index(fields=["status", "-id"], name="cards_by_status")]

    def __str__(self) -> str:
        return f"card of {self.version}"


class CardRevision(models.Model):
    """The text of a card as somebody wrote it: append-only, numbered from 1."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    fields = CanonicalJSONField()
    digest = models.CharField(max_length=DIGEST_LENGTH)
    reason = models.TextField(blank=True)
    written_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["card", "number"], name="one_revision_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_numbers_from_one"),
        ]

    def __str__(self) -> str:
        return f"revision {self.number}"


class CardReview(models.Model):
    """A step in a revision's life: it was submitted, accepted or returned."""

    class Step(models.TextChoices):
        SUBMITTED = "submitted"
        ACCEPTED = "accepted"
        RETURNED = "returned"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    revision = models.ForeignKey(CardRevision, on_delete=models.PROTECT, related_name="reviews")
    step = models.CharField(max_length=10, choices=Step.choices)
    comment = models.TextField(blank=True)
    author = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=["submitted", "accepted", "returned"]), name="card_review_step"
            ),
            models.CheckConstraint(
                condition=Q(step="submitted") | ~Q(taken_by=F("author")),
                name="nobody_reviews_their_own_card",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} by {self.taken_by_id}"


class CardRequirement(Fact):
    """The fields that cards of a kind need at a stage, by a workspace's word."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="card_requirements"
    )
    kind = models.CharField(max_length=20, choices=[(k.slug, k.label) for k in KINDS.values()])
    stage = models.CharField(max_length=12, choices=Workspace.Stage.choices)
    fields = models.JSONField()
    set_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "kind", "stage"],
                condition=Q(valid_to__isnull=True),
                name="one_open_card_requirement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} cards at {self.stage} in {self.workspace}"
