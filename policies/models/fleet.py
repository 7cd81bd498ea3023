"""Open Policy Agents of elsewhere: what they pull from here, and what they tell."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.facts import Fact
from core.fields import CanonicalJSONField
from core.ids import new_uuid
from policies.models.policy import DIGEST_LENGTH, PolicyVersion
from policies.models.policy_set import PolicySetVersion
from registry.models import Workspace

MAX_OPA_NAME = 63
MAX_DECISION_ID = 200
MAX_INSTANCE = 200
MAX_PATH = 500


class Opa(models.Model):
    """A registered OPA, or many that are configured alike: they share name, token and bundle.

    It acts as a service account of its own. ``workspace`` is where its parameters come from and
    whose members read what it tells; ``name`` is in its addresses and is never used again.
    ``masks`` are JSON Pointers to what it takes out of its decisions before it tells them.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=MAX_OPA_NAME, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="opas")
    user = models.OneToOneField("core.User", on_delete=models.PROTECT, related_name="opa")
    labels = models.JSONField(default=dict)
    is_signed = models.BooleanField(default=True)
    masks = models.JSONField(default=list)
    registered_at = models.DateTimeField(default=timezone.now, editable=False)
    registered_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        verbose_name = "OPA"
        verbose_name_plural = "OPAs"

    def __str__(self) -> str:
        return self.name


class OpaSource(Fact):
    """A policy or a set that an OPA pulls, pinned to one version, from a time to a time."""

    opa = models.ForeignKey(Opa, on_delete=models.PROTECT, related_name="sources")
    policy_version = models.ForeignKey(
        PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    set_version = models.ForeignKey(
        PolicySetVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(policy_version__isnull=False, set_version__isnull=True)
                | Q(policy_version__isnull=True, set_version__isnull=False),
                name="opa_source_of_policy_or_set",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Return ``policy/<name>/<number>`` or ``set/<name>/<number>``; the rows must be loaded."""
        if self.policy_version is not None:
            return f"policy/{self.policy_version.reference}"
        assert self.set_version is not None  # a constraint of the table
        return f"set/{self.set_version.reference}"


class OpaRevision(models.Model):
    """A bundle that an OPA was given once: which policies, by package, and which data."""

    opa = models.ForeignKey(Opa, on_delete=models.PROTECT, related_name="revisions")
    digest = models.CharField(max_length=DIGEST_LENGTH)
    revision = models.CharField(max_length=200)
    policies = models.JSONField()
    modules_digest = models.CharField(max_length=DIGEST_LENGTH)
    data = CanonicalJSONField()
    first_pulled_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["opa", "digest"], name="one_revision_per_digest"),
        ]

    def __str__(self) -> str:
        return self.revision


class OpaInstance(models.Model):
    """One running process of an OPA, by the id that it gives itself, and its last status."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    opa = models.ForeignKey(Opa, on_delete=models.PROTECT, related_name="instances")
    instance_id = models.CharField(max_length=MAX_INSTANCE)
    version = models.CharField(max_length=40, blank=True)
    labels = models.JSONField(default=dict)
    revision = models.CharField(max_length=200, blank=True)
    problems = models.JSONField(default=list)
    dropped = models.PositiveBigIntegerField(default=0)
    status = CanonicalJSONField(default=dict)
    first_seen_at = models.DateTimeField(default=timezone.now, editable=False)
    last_status_at = models.DateTimeField(null=True)
    last_logs_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = "OPA instance"
        constraints = [
            models.UniqueConstraint(fields=["opa", "instance_id"], name="one_row_per_opa_instance"),
        ]

    def __str__(self) -> str:
        return f"{self.opa_id} {self.instance_id}"


class OpaChange(models.Model):
    """What changed in the status of an instance: its revision, its problems, or that it lost
    decisions. ``lost`` of them are an evidence gap between this status and the one before."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    instance = models.ForeignKey(OpaInstance, on_delete=models.PROTECT, related_name="changes")
    revision = models.CharField(max_length=200, blank=True)
    problems = models.JSONField(default=list)
    lost = models.PositiveBigIntegerField(default=0)
    previous_status_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        verbose_name = "OPA status change"
        indexes = [models.Index(fields=["instance", "-id"], name="opa_changes_newest_first")]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.told_at:%Y-%m-%d %H:%M}"


class FleetDecision(models.Model):
    """A decision that an OPA of elsewhere made, as its log told it.

    ``event`` is the whole entry but for what looked like a secret: ``redacted`` names those places.
    ``state`` is that of a verdict where the result is one. ``digest`` covers the stored event.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    opa = models.ForeignKey(Opa, on_delete=models.PROTECT, related_name="decisions")
    decision_id = models.CharField(max_length=MAX_DECISION_ID)
    instance_id = models.CharField(max_length=MAX_INSTANCE, blank=True)
    path = models.CharField(max_length=MAX_PATH, blank=True)
    revision = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=14, blank=True)
    event = CanonicalJSONField()
    redacted = models.JSONField(default=list)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    decided_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["opa", "decision_id"], name="one_fleet_decision_per_id"
            ),
        ]
        indexes = [models.Index(fields=["opa", "-id"], name="fleet_decisions_newest_first")]

    def __str__(self) -> str:
        return self.decision_id
