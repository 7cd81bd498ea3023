"""Rules of promotion: what it takes to enter a workspace, and proposals to ask for less."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.facts import Fact
from core.fields import CanonicalJSONField
from core.ids import new_uuid
from registry.models.workspace import Workspace
from registry.rules.conditions import Conditions, parsed

MAX_KIND = 20
MAX_PATTERN = 200


class PromotionRule(Fact):
    """What a promotion into a workspace must fulfil, from when to when.

    Without ``kind`` it is about versions of every kind, without ``alias_pattern`` about every
    promotion. All rules that match hold together.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="promotion_rules"
    )
    kind = models.CharField(max_length=MAX_KIND, blank=True)
    alias_pattern = models.CharField(max_length=MAX_PATTERN, blank=True)
    required_approvals = models.PositiveSmallIntegerField()
    conditions = CanonicalJSONField(default=dict)
    set_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "kind", "alias_pattern"],
                condition=Q(valid_to__isnull=True),
                name="one_open_rule_per_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.required_approvals} approvals into {self.workspace}"

    @property
    def parsed(self) -> Conditions:
        """Return the conditions as what they mean."""
        return parsed(self.conditions)


class PromotionRuleProposal(models.Model):
    """A change of a production workspace's rules that asks for less, until a second admin agrees.

    ``replaces`` is the rule that it was proposed against; an end proposes to have none.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    replaces = models.ForeignKey(PromotionRule, on_delete=models.PROTECT, related_name="proposals")
    is_end = models.BooleanField(default=False)
    required_approvals = models.PositiveSmallIntegerField(default=0)
    conditions = CanonicalJSONField(default=dict)
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    closed_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True, closed_by__isnull=True)
                | Q(
                    status__in=["accepted", "rejected"],
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                ),
                name="rule_proposal_is_open_until_closed",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | ~Q(closed_by=models.F("proposed_by")),
                name="nobody_accepts_their_own_proposal",
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(status="open"), name="one_open_proposal_per_rule"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} proposal for {self.workspace}"
