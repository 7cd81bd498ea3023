"""What a remark or a piece of work is about: one thing, by a real foreign key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from registry.models.asset import Asset
from registry.models.deployment import Deployment
from registry.models.experiment import Experiment
from registry.models.promotion import Promotion
from registry.models.version import AssetVersion
from registry.models.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

SUBJECTS = ("asset", "version", "promotion", "experiment", "deployment")


def exactly_one(fields: Sequence[str]) -> Q:
    """Return the condition that one of ``fields`` is set, and no other."""
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    return condition


class AboutSubject(models.Model):
    """Abstract base. ``workspace`` is where the subject is, and whose readers see the row."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, null=True, on_delete=models.PROTECT, related_name="%(class)ss")
    version = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    promotion = models.ForeignKey(
        Promotion, null=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )

    experiment = models.ForeignKey(
        Experiment, null=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )

    deployment = models.ForeignKey(
        Deployment, null=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(SUBJECTS), name="%(class)s_is_about_one_thing"
            ),
        ]
