"""Where the bytes of our versions lie in the world outside."""

from __future__ import annotations

from django.db import models

from lineage.models.dataset import Dataset
from registry.models import AssetVersion


class VersionLocation(models.Model):
    """A version of ours declared that its bytes lie where OpenLineage calls it ``dataset``.

    It joins the two graphs: what others wrote there went into the version, and what others read
    there was the newest version that had been registered with that place.
    """

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="locations")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="located")
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["version", "dataset"], name="one_row_per_location"),
        ]
        indexes = [models.Index(fields=["dataset", "created_at"], name="versions_at_a_location")]

    def __str__(self) -> str:
        return f"{self.version_id} at {self.dataset_id}"
