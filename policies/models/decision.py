"""Decisions: what a policy said about one document, replayable from what is stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, TypeVar, overload

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

ValueT = TypeVar("ValueT")


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


class Evaluation(models.Model):
    """One document as it was put to an engine at one time: what its decisions have in common.

    ``engine`` is empty where no engine was asked: there was nothing, or nothing fresh, to judge
    (state unknown), or no engine answered (state error). ``bundle_digest`` is of all policies that
    were asked together. ``reuse_key`` is equal for evaluations whose decisions of one rule must be
    equal; ``answer_key`` for those in which an engine must answer a policy alike, whoever assigned
    it. Under the effect ``manual`` the answer is that of ``attestation``, or unknown.
    """

    kind = models.CharField(max_length=13, choices=DocumentKind.choices)
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="policy_evaluations", db_index=False
    )
    subject = models.CharField(max_length=MAX_SUBJECT)
    snapshot = models.ForeignKey(
        Snapshot, null=True, on_delete=models.PROTECT, related_name="evaluations"
    )
    version = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="policy_evaluations"
    )
    input = models.ForeignKey(
        DecisionInput, on_delete=models.PROTECT, related_name="evaluations", db_index=False
    )
    bundle_digest = models.CharField(max_length=DIGEST_LENGTH)
    parameters = CanonicalJSONField(default=dict)
    attestation = models.ForeignKey(
        Attestation, null=True, on_delete=models.PROTECT, related_name="evaluations"
    )
    engine = models.CharField(max_length=40, blank=True)
    engine_version = models.CharField(max_length=40, blank=True)
    reuse_key = models.CharField(max_length=DIGEST_LENGTH, db_index=True)
    answer_key = models.CharField(max_length=DIGEST_LENGTH, null=True, db_index=True)
    evaluated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["workspace", "-id"], name="evaluations_of_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.evaluated_at:%Y-%m-%d %H:%M}"


class OfEvaluation(Generic[ValueT]):
    """An attribute of a decision that its evaluation holds."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, decision: None, owner: type) -> OfEvaluation[ValueT]: ...

    @overload
    def __get__(self, decision: Decision, owner: type) -> ValueT: ...

    def __get__(self, decision: Decision | None, owner: type) -> Any:
        return self if decision is None else getattr(decision.evaluation, self._name)


class Decision(models.Model):
    """An immutable answer of one rule in an ``evaluation``; ``state`` is the policy's own: an
    exemption does not change it. What was judged, when and by what, the evaluation tells."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="decisions")
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    reference_id = models.CharField(max_length=200, blank=True)
    policy_version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    state = models.CharField(max_length=14, choices=STATES)
    findings = models.JSONField(default=list)
    error = models.TextField(blank=True)
    duration_us = models.PositiveBigIntegerField(default=0)

    kind = OfEvaluation[str]()
    workspace = OfEvaluation[Workspace]()
    workspace_id = OfEvaluation[int]()
    subject = OfEvaluation[str]()
    snapshot = OfEvaluation["Snapshot | None"]()
    snapshot_id = OfEvaluation["int | None"]()
    version = OfEvaluation["AssetVersion | None"]()
    version_id = OfEvaluation["int | None"]()
    input = OfEvaluation[DecisionInput]()
    input_id = OfEvaluation[str]()
    bundle_digest = OfEvaluation[str]()
    parameters = OfEvaluation["dict[str, Any]"]()
    attestation = OfEvaluation["Attestation | None"]()
    engine = OfEvaluation[str]()
    engine_version = OfEvaluation[str]()
    evaluated_at = OfEvaluation[datetime]()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[each.value for each in State]),
                name="decision_state",
            ),
        ]
        indexes = [
            models.Index(fields=["assignment", "-id"], name="decisions_of_assignment"),
            models.Index(fields=["policy_version", "-id"], name="decisions_of_policy"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_version} {self.state} {self.subject}"
