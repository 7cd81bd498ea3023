"""Workspaces: the borders of access and of promotion."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from core.ids import new_uuid
from core.references import SLUG, caseless
from registry.permissions import LABELS, Permission


def default_protected_aliases() -> list[str]:
    """Return the aliases that only a promotion, or a special right, may move."""
    return ["production"]


class Workspace(models.Model):
    """A place where a team keeps assets, at one stage of their life."""

    class Stage(models.TextChoices):
        DEVELOPMENT = "development"
        STAGING = "staging"
        PRODUCTION = "production"

    class DeleteRule(models.TextChoices):
        """What happens to a version that is to be deleted while aliases point at it."""

        REFUSE = "refuse"
        MOVE_ALIASES_TO_NONE = "move_aliases_to_none"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    slug = models.CharField(max_length=63, unique=True, validators=[RegexValidator(SLUG)])
    title = models.CharField(max_length=200)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    description = models.TextField(blank=True)
    protected_aliases = models.JSONField(default=default_protected_aliases)
    delete_rule = models.CharField(
        max_length=20, choices=DeleteRule.choices, default=DeleteRule.REFUSE
    )
    requires_reason = models.BooleanField(default=False)
    # Whoever has an account may see the names, kinds and summaries of what is there.
    is_discoverable = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        permissions = [(permission.value, LABELS[permission]) for permission in Permission]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage__in=["development", "staging", "production"]),
                name="workspace_stage",
            ),
            models.CheckConstraint(
                condition=models.Q(delete_rule__in=["refuse", "move_aliases_to_none"]),
                name="workspace_delete_rule",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def protects(self, alias: str) -> bool:
        """Tell whether the workspace protects ``alias``, or one that only looks different."""
        return caseless(alias) in {caseless(name) for name in self.protected_aliases}
