"""Policy sets: policies that are assigned together, as immutable versions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from policies.models.policy import DIGEST_LENGTH, PolicyVersion


class PolicySet(models.Model):
    """A name in the whole organisation."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=200, unique=True)
    last_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class PolicySetVersion(models.Model):
    """One choice of policy versions; ``digest`` covers reference ids and policy digests."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    policy_set = models.ForeignKey(PolicySet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["policy_set", "number"], name="one_set_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="set_numbers_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_set} v{self.number}"

    @property
    def reference(self) -> str:
        """Return ``name/number``; the set must be loaded."""
        return f"{self.policy_set.name}/{self.number}"


class PolicySetMember(models.Model):
    """A policy version in a set, under the id by which exemptions and parameters name it."""

    set_version = models.ForeignKey(
        PolicySetVersion, on_delete=models.PROTECT, related_name="members"
    )
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    reference_id = models.CharField(max_length=200)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["set_version", "reference_id"], name="one_member_per_reference_id"
            ),
        ]

    def __str__(self) -> str:
        return self.reference_id
