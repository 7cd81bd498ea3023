"""Fixtures: example inputs of a policy version, each with the state that it must get."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.canonical import canonical_bytes
from core.fields import CanonicalJSONField
from core.ids import new_uuid
from policies.engines.base import State
from policies.models.policy import DIGEST_LENGTH, PolicyVersion

STATES = [(each.value, each.value) for each in State if each is not State.ERROR]


class PolicyFixture(models.Model):
    """One example, stored with the version whose save it passed: the input as engines get it."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    policy_version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="fixtures"
    )
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=14, choices=STATES)
    input = CanonicalJSONField()
    digest = models.CharField(max_length=DIGEST_LENGTH)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["policy_version", "name"], name="one_fixture_per_name"),
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _ in STATES]), name="fixture_state"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def body(self) -> bytes:
        """Return the very bytes that the digest covers."""
        return canonical_bytes(self.input)
