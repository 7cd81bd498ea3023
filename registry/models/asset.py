"""Assets: what versions are versions of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from registry.kinds import CHOICES
from registry.models.workspace import Workspace


class Asset(models.Model):
    """A named thing of one kind in one workspace. The row is never deleted: its name and its
    numbers stay taken, and who makes it again continues the numbers."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="assets")
    kind = models.CharField(max_length=20, choices=CHOICES)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    last_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "name"], name="one_asset_per_name"
            ),
            # MLflow clients address models and prompts in one name space.
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=Q(kind__in=["model", "prompt"]),
                name="models_and_prompts_share_names",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-id"], name="assets_by_kind"),
            models.Index(fields=["name"], name="assets_by_name"),
            models.Index(fields=["workspace", "-id"], name="assets_of_a_workspace"),
            models.Index(fields=["workspace", "created_at"], name="assets_by_creation"),
            models.Index(fields=["workspace", "updated_at"], name="assets_by_update"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"
