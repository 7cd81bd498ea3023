"""Policy sets: policies that are assigned together, as immutable versions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.fields import CanonicalJSONField
from core.ids import new_uuid
from policies.models.policy import DIGEST_LENGTH, PolicyVersion

# Those of an assignment, and none: the assignment's holds.
MEMBER_EFFECTS = (
    "",
    "disabled",
    "audit",
    "warn",
    "modify",
    "require_approval",
    "deny",
    "manual",
)


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
    """One choice of policy versions; ``digest`` covers all that the members say, and the groups.

    ``groups`` are headings that members share: ``{"name", "title", "controls"}`` each.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    policy_set = models.ForeignKey(PolicySet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    groups = models.JSONField(default=list)
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
    """A policy version in a set, under the id by which exemptions and parameters name it.

    ``effect`` replaces that of the assignment ("" keeps it); ``parameters`` are defaults under
    the assignment's. ``controls`` are those that the member serves in this set beside what its
    METADATA and its ``group`` (one of the set version's, or "") name.
    """

    set_version = models.ForeignKey(
        PolicySetVersion, on_delete=models.PROTECT, related_name="members"
    )
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    reference_id = models.CharField(max_length=200)
    effect = models.CharField(max_length=16, blank=True, default="")
    parameters = CanonicalJSONField(default=dict)
    controls = models.JSONField(default=list)
    group = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["set_version", "reference_id"], name="one_member_per_reference_id"
            ),
            models.CheckConstraint(condition=Q(effect__in=MEMBER_EFFECTS), name="member_effect"),
        ]

    def __str__(self) -> str:
        return self.reference_id

    @property
    def all_controls(self) -> list[str]:
        """Return what it serves: by its METADATA, its group and itself, sorted. The policy
        version and the set version must be loaded."""
        groups = {group["name"]: group["controls"] for group in self.set_version.groups}
        own = self.policy_version.metadata["controls"]
        return sorted({*own, *self.controls, *groups.get(self.group, ())})
