"""Decisions: what a policy said about one document, replayable from what is stored."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from core.fields import CanonicalJSONField
from core.ids import new_uuid
from policies.engines.base import State
from policies.models.assignment import Assignment
from policies.models.attestation import Attestation
from policies.models.policy import DIGEST_LENGTH, PolicyVersion
from policies.models.resource import Snapshot
from registry.models import AssetVersion, Workspace

MAX_SUBJECT = 1_000
STATES = [(each.value, each.value) for each in State]


class DocumentKind(models.TextChoices):
    """Which input document a policy judges."""

    CONFIGURATION = "configuration"
    PROMOTION = "promotion"


class DecisionInput(models.Model):
    """The exact bytes that an engine was given, stored once for all policies that judged them."""

    digest = models.CharField(max_length=DIGEST_LENGTH, primary_key=True)
    body = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest


class Decision(models.Model):
    """An immutable answer. ``state`` is the policy's own: an exemption does not change it.

    ``engine`` is empty where no engine was asked: there was nothing, or nothing fresh, to judge
    (state unknown), or no engine answered (state error). ``reuse_key`` is equal for questions that
    must get an equal answer; ``answer_key`` for what an engine must answer alike, whoever assigned
    the policy. Under the effect ``manual`` the answer is that of ``attestation``, or unknown.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    kind = models.CharField(max_length=13, choices=DocumentKind.choices)
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="policy_decisions"
    )
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="decisions")
    reference_id = models.CharField(max_length=200, blank=True)
    policy_version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="decisions"
    )
    subject = models.CharField(max_length=MAX_SUBJECT)
    snapshot = models.ForeignKey(
        Snapshot, null=True, on_delete=models.PROTECT, related_name="decisions"
    )
    version = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="policy_decisions"
    )
    input = models.ForeignKey(DecisionInput, on_delete=models.PROTECT, related_name="decisions")
    bundle_digest = models.CharField(max_length=DIGEST_LENGTH)
    parameters = CanonicalJSONField(default=dict)
    state = models.CharField(max_length=14, choices=STATES)
    findings = models.JSONField(default=list)
    error = models.TextField(blank=True)
    attestation = models.ForeignKey(
        Attestation, null=True, on_delete=models.PROTECT, related_name="decisions"
    )
    engine = models.CharField(max_length=40, blank=True)
    engine_version = models.CharField(max_length=40, blank=True)
    duration_us = models.PositiveBigIntegerField(default=0)
    reuse_key = models.CharField(max_length=DIGEST_LENGTH, db_index=True)
    answer_key = models.CharField(max_length=DIGEST_LENGTH, null=True, db_index=True)
    evaluated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[each.value for each in State]),
                name="decision_state",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="decisions_of_workspace"),
            models.Index(fields=["policy_version", "-id"], name="decisions_of_policy"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_version} {self.state} {self.subject}"
