"""Frameworks that an organisation brings, what it maps to controls, and what people state."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audits.models.scan import DIGEST_LENGTH
from core.facts import Fact
from core.ids import new_uuid
from policies.models import Policy
from registry.models import Workspace

MAX_NAME = 100
MAX_CONTROL = 200


class OwnFramework(models.Model):
    """The name of a framework that was imported; its versions hold all else."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=MAX_NAME, unique=True)
    last_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class OwnFrameworkVersion(models.Model):
    """One OSCAL catalog as it was imported: the document, and what was read of it.

    ``document`` is the canonical JSON, deflated; ``digest`` covers the canonical JSON itself.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    framework = models.ForeignKey(OwnFramework, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.TextField()
    source = models.TextField()
    source_uri = models.TextField(blank=True)
    oscal_version = models.CharField(max_length=20)
    document = models.BinaryField()
    digest = models.CharField(max_length=DIGEST_LENGTH)
    contents = models.JSONField()
    reason = models.TextField(blank=True)
    imported_at = models.DateTimeField(default=timezone.now, editable=False)
    imported_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"], name="one_framework_version_per_number"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="framework_versions_from_one"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class ControlMapping(Fact):
    """A policy supports a control though its METADATA does not say so."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    framework = models.CharField(max_length=MAX_NAME)
    control = models.CharField(max_length=MAX_CONTROL)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="control_mappings")
    reason = models.TextField()
    mapped_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["framework", "control", "policy"],
                condition=Q(valid_to__isnull=True),
                name="one_open_control_mapping",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework}/{self.control}"

    @property
    def reference(self) -> str:
        """Return the control as policies name it."""
        return f"{self.framework}/{self.control}"


class ControlStatement(Fact):
    """What a person says of how a control is met, in one workspace or the whole organisation,
    until it ends, is followed by another, or expires."""

    class State(models.TextChoices):
        IMPLEMENTED = "implemented"
        PARTIAL = "partial"
        PLANNED = "planned"
        NOT_APPLICABLE = "not_applicable"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    framework = models.CharField(max_length=MAX_NAME)
    control = models.CharField(max_length=MAX_CONTROL)
    workspace = models.ForeignKey(
        Workspace, null=True, on_delete=models.PROTECT, related_name="control_statements"
    )
    state = models.CharField(max_length=14, choices=State.choices)
    text = models.TextField()
    evidence_uri = models.TextField(blank=True)
    owner = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    stated_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    ended_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("valid_from")), name="statement_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["implemented", "partial", "planned", "not_applicable"]),
                name="statement_state",
            ),
            models.UniqueConstraint(
                fields=["framework", "control", "workspace"],
                condition=Q(valid_to__isnull=True),
                name="one_open_statement_per_workspace",
            ),
            models.UniqueConstraint(
                fields=["framework", "control"],
                condition=Q(valid_to__isnull=True, workspace__isnull=True),
                name="one_open_statement_of_organisation",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "-id"], name="statements_of_workspace")]

    def __str__(self) -> str:
        return f"{self.framework}/{self.control} {self.state}"

    @property
    def reference(self) -> str:
        """Return the control as policies name it."""
        return f"{self.framework}/{self.control}"

    @property
    def status(self) -> str:
        """Return in_force, ended or expired, as of now."""
        if self.valid_to is not None:
            return "ended"
        return "expired" if self.expires_at <= timezone.now() else "in_force"
