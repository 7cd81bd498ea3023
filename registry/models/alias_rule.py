"""Rules of protected aliases: who may move which by hand, onto what, from when to when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.facts import Fact
from core.ids import new_uuid
from registry.models.workspace import Workspace
from registry.permissions import Role


class AliasRule(Fact):
    """A rule for aliases whose caseless form matches ``pattern``, where ``*`` stands for anything.

    ``kinds`` narrows it to assets of these kinds. ``tags`` (key to value) and ``states`` (of the
    lifecycle) are what a version must have for the alias to be moved onto it. Empty ones ask for
    nothing.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="alias_rules")
    pattern = models.CharField(max_length=200)
    kinds = models.JSONField(default=list)
    tags = models.JSONField(default=dict)
    states = models.JSONField(default=list)
    set_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "pattern"],
                condition=Q(valid_to__isnull=True),
                name="one_open_rule_per_pattern",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pattern} in {self.workspace}"


class AliasRuleMover(models.Model):
    """A role, a user or a group that may move the aliases of a rule by hand."""

    rule = models.ForeignKey(AliasRule, on_delete=models.PROTECT, related_name="movers")
    role = models.CharField(
        max_length=10, blank=True, choices=[(role.value, role.value) for role in Role]
    )
    user = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey("auth.Group", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=(~Q(role="") & Q(user__isnull=True, group__isnull=True))
                | Q(role="", user__isnull=False, group__isnull=True)
                | Q(role="", user__isnull=True, group__isnull=False),
                name="mover_is_a_role_a_user_or_a_group",
            ),
        ]

    def __str__(self) -> str:
        return self.role or str(self.user or self.group)
