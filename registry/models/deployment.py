"""Deployments: which versions shall serve, under which configuration, and which do."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.facts import Fact
from core.fields import CanonicalJSONField
from core.ids import new_uuid
from registry.models.version import DIGEST_LENGTH, AssetVersion
from registry.models.workspace import Workspace

MAX_ENDPOINT = 2_000


class Deployment(models.Model):
    """A named place in a workspace where versions serve. All else about it is in its revisions;
    ``last_number`` counts them, without gaps."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="deployments")
    name = models.CharField(max_length=200)
    last_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_deployment_per_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """Return ``workspace/deployment/name``; the workspace must be loaded."""
        return f"{self.workspace.slug}/deployment/{self.name}"


class DeploymentRevision(models.Model):
    """One desired state, written once. ``digest`` covers what shall serve and how: members,
    configuration, endpoint and application. ``equals`` is the earlier revision that a rollback
    brought back."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    endpoint = models.CharField(max_length=MAX_ENDPOINT, blank=True)
    application = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="applied_in"
    )
    owner_contact = models.CharField(max_length=200, blank=True)
    configuration = CanonicalJSONField()
    digest = models.CharField(max_length=DIGEST_LENGTH)
    equals = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="brought_back_by"
    )
    reason = models.TextField(blank=True)
    set_at = models.DateTimeField(default=timezone.now, editable=False)
    set_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "number"], name="one_deployment_revision_per_number"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="deployment_revisions_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deployment} r{self.number}"


class DeploymentMember(models.Model):
    """A version that serves in a revision, and its share of the traffic in percent; 0 for one that
    only mirrors."""

    revision = models.ForeignKey(
        DeploymentRevision, on_delete=models.PROTECT, related_name="members"
    )
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="deployed_in")
    traffic = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "version"], name="one_share_per_version_and_revision"
            ),
            models.CheckConstraint(condition=Q(traffic__lte=100), name="traffic_is_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.traffic} % {self.version_id}"


class DeploymentState(Fact):
    """What a revision shall do (desired, one per deployment) or does (actual, one per revision),
    from when to when, by whose word."""

    class Aspect(models.TextChoices):
        DESIRED = "desired"
        ACTUAL = "actual"

    class State(models.TextChoices):
        REQUESTED = "requested"
        DEPLOYING = "deploying"
        RUNNING = "running"
        DEGRADED = "degraded"
        STOPPED = "stopped"
        FAILED = "failed"

    SERVING = (State.RUNNING, State.DEGRADED)
    DESIRABLE = (State.RUNNING, State.STOPPED)

    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="states")
    revision = models.ForeignKey(
        DeploymentRevision, on_delete=models.PROTECT, related_name="states"
    )
    aspect = models.CharField(max_length=7, choices=Aspect.choices)
    state = models.CharField(max_length=9, choices=State.choices)
    reason = models.TextField(blank=True)
    set_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(aspect="desired", state__in=["running", "stopped"])
                | Q(
                    aspect="actual",
                    state__in=[
                        "requested",
                        "deploying",
                        "running",
                        "degraded",
                        "stopped",
                        "failed",
                    ],
                ),
                name="deployment_state_of_aspect",
            ),
            models.UniqueConstraint(
                fields=["deployment"],
                condition=Q(valid_to__isnull=True, aspect="desired"),
                name="one_desired_state_per_deployment",
            ),
            models.UniqueConstraint(
                fields=["revision"],
                condition=Q(valid_to__isnull=True, aspect="actual"),
                name="one_actual_state_per_revision",
            ),
        ]
        indexes = [
            models.Index(fields=["deployment", "aspect", "-id"], name="states_of_deployment"),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.aspect} {self.state}"
