"""Whether an assignment is enforced, and in how many of its workspaces: facts that follow on each
other."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from core.facts import Fact
from core.ids import new_uuid
from policies.models.assignment import Assignment

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from registry.models import Workspace

EVERYWHERE = 100


class AssignmentEnforcement(Fact):
    """From when to when an assignment is enforced, in ``percent`` of its workspaces.

    Elsewhere, and where ``is_enforced`` is false, it is a dry run: judged and recorded, and
    nothing follows.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="enforcements"
    )
    is_enforced = models.BooleanField()
    percent = models.PositiveSmallIntegerField(default=EVERYWHERE)
    set_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=EVERYWHERE), name="enforcement_percent"
            ),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(valid_to__isnull=True),
                name="one_enforcement_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"enforced in {self.percent} %" if self.is_enforced else "not enforced"

    def held_at(self, moment: datetime) -> bool:
        """Tell whether it was the one that counted at ``moment``."""
        return self.valid_from <= moment and (self.valid_to is None or self.valid_to > moment)

    def covers(self, workspace: Workspace) -> bool:
        """Tell whether the assignment is enforced in ``workspace``."""
        assignment: UUID = self.assignment.uuid
        return self.is_enforced and is_rolled_out(
            assignment=assignment, workspace=workspace.uuid, percent=self.percent
        )


def is_rolled_out(*, assignment: UUID, workspace: UUID, percent: int) -> bool:
    """Tell whether a workspace is among the first ``percent`` in a hundred.

    Each assignment has its own order of workspaces, which never changes: a higher percentage only
    adds some, and a new workspace moves no other.
    """
    drawn = hashlib.sha256(assignment.bytes + workspace.bytes).digest()
    return int.from_bytes(drawn[:8]) % EVERYWHERE < percent
