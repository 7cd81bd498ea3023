"""Evaluations: uploaded rows on their way to a result version, and the rows behind a result."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.fields import CanonicalJSONField
from core.ids import new_uuid
from registry.models.version import DIGEST_LENGTH, AssetVersion
from registry.models.workspace import Workspace


class Evaluation(models.Model):
    """What is evaluated on what, how, and how far that is; ``result`` is the version it became."""

    class Status(models.TextChoices):
        AWAITING_ROWS = "awaiting_rows"
        QUEUED = "queued"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="evaluations")
    name = models.CharField(max_length=200)
    evaluates = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    prompt = models.ForeignKey(AssetVersion, null=True, on_delete=models.PROTECT, related_name="+")
    model = models.ForeignKey(AssetVersion, null=True, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=500)
    evaluators = CanonicalJSONField()
    metrics = CanonicalJSONField()
    keep_text = models.BooleanField(default=False)
    status = models.CharField(max_length=13, choices=Status.choices, default=Status.AWAITING_ROWS)
    rows_format = models.CharField(max_length=5, null=True)
    rows_digest = models.CharField(max_length=DIGEST_LENGTH, null=True)
    row_count = models.PositiveIntegerField(default=0)
    problems = CanonicalJSONField(null=True)
    task = models.ForeignKey("core.Task", null=True, on_delete=models.PROTECT, related_name="+")
    result = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="evaluations"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(status="succeeded", result__isnull=False)
                | (~Q(status="succeeded") & Q(result__isnull=True)),
                name="evaluation_result_iff_succeeded",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "-id"], name="evaluations_newest_first")]

    def __str__(self) -> str:
        return self.name


class RowsChunk(models.Model):
    """A piece of an upload that is not worked off yet; deleted once it is."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="one_rows_chunk"),
        ]


class EvaluationRow(models.Model):
    """One row: its id in the dataset, and ``scores``, a number per metric of the evaluation."""

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="rows", db_index=False
    )
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=200)
    scores = CanonicalJSONField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="one_row_per_number"),
            models.UniqueConstraint(fields=["evaluation", "key"], name="one_row_per_key"),
        ]

    def __str__(self) -> str:
        return self.key


class RowText(models.Model):
    """Input, output and reference of a row, where they are kept; may be erased."""

    row = models.OneToOneField(EvaluationRow, on_delete=models.PROTECT, related_name="text")
    body = CanonicalJSONField()

    class Meta:
        default_permissions = ()
