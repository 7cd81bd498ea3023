"""Policies: Rego texts under a name, as immutable versions."""

from __future__ import annotations

from functools import cached_property

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from policies.engines.base import Module
from policies.engines.metadata import Metadata, RelatedResource, Severity

DIGEST_LENGTH = 71  # "sha256:" and 64 hexadecimal digits


class Policy(models.Model):
    """A name in the whole organisation, and the one Rego package of all its versions."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=200, unique=True)
    package = models.CharField(max_length=200, unique=True)
    last_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """One reviewed text. ``checked_by`` names the OPA that compiled it strictly and passed its
    tests; without that a version may audit and warn, never gate."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    digest = models.CharField(max_length=DIGEST_LENGTH, db_index=True)
    tests = models.TextField(blank=True)
    metadata = models.JSONField()
    reads_now = models.BooleanField()
    checked_by = models.CharField(max_length=100, null=True)
    checked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="one_policy_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="policy_numbers_from_one"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="policy_checked_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"

    @property
    def reference(self) -> str:
        """Return ``name/number``; the policy must be loaded."""
        return f"{self.policy.name}/{self.number}"

    @property
    def is_checked(self) -> bool:
        """Tell whether this version may gate."""
        return self.checked_by is not None

    @cached_property
    def module(self) -> Module:
        """Return the text as engines take it; the policy must be loaded."""
        return Module(f"{self.policy.name}.rego", self.source)

    @cached_property
    def described(self) -> Metadata:
        """Return the METADATA that was read when the version was saved."""
        stored = dict(self.metadata)
        return Metadata(
            title=stored["title"],
            description=stored["description"],
            severity=Severity(stored["severity"]),
            controls=tuple(stored["controls"]),
            remediation=stored["remediation"],
            input_kinds=tuple(stored["input_kinds"]),
            parameters=stored["parameters"],
            related_resources=tuple(
                RelatedResource(each["ref"], each["description"])
                for each in stored["related_resources"]
            ),
            parameter_schemas=stored.get("parameter_schemas", {}),
            reads=tuple(stored.get("reads", ())),
            modify=tuple(stored.get("modify", ())),
        )

    @property
    def title(self) -> str:
        """Return the title of the METADATA."""
        return str(self.metadata["title"])

    @property
    def severity(self) -> str:
        """Return low, medium, high or critical."""
        return str(self.metadata["severity"])
