"""Within how many days findings are to be mended."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from core.facts import Fact
from core.ids import new_uuid
from registry.models import Workspace

MAX_DAYS = 3650


class DueRule(Fact):
    """Days from opening until a finding is due, by severity; null is never.

    One without workspace is the organisation's; a workspace's own stands in its place there.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(
        Workspace, null=True, on_delete=models.PROTECT, related_name="due_rules"
    )
    critical = models.PositiveIntegerField(null=True)
    high = models.PositiveIntegerField(null=True)
    medium = models.PositiveIntegerField(null=True)
    low = models.PositiveIntegerField(null=True)
    reason = models.TextField(blank=True)
    set_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                Coalesce("workspace", 0),
                condition=Q(valid_to__isnull=True),
                name="one_open_due_rule_per_place",
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{severity}__isnull": True})
                    | Q(**{f"{severity}__gte": 1, f"{severity}__lte": MAX_DAYS}),
                    name=f"due_rule_{severity}_days",
                )
                for severity in ("critical", "high", "medium", "low")
            ],
        ]

    def __str__(self) -> str:
        return f"due rule of {self.workspace or 'the organisation'}"
