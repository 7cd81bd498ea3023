"""The policies' tables."""

from __future__ import annotations

from policies.models.assignment import Assignment, AssignmentExclusion, Effect, Scope
from policies.models.attestation import Attestation, AttestationEvidence
from policies.models.decision import Decision, DecisionInput, DocumentKind, Evaluation
from policies.models.enforcement import AssignmentEnforcement
from policies.models.exemption import Exemption
from policies.models.expiry import ExpiryWarning
from policies.models.fixture import PolicyFixture
from policies.models.fleet import (
    FleetDecision,
    Opa,
    OpaChange,
    OpaInstance,
    OpaRevision,
    OpaSource,
)
from policies.models.policy import Policy, PolicyVersion
from policies.models.policy_set import PolicySet, PolicySetMember, PolicySetVersion
from policies.models.resource import Provenance, Resource, Snapshot, SourceDocument
from policies.models.what_if import WhatIf, WhatIfResult, Would

__all__ = [
    "Assignment",
    "AssignmentEnforcement",
    "AssignmentExclusion",
    "Attestation",
    "AttestationEvidence",
    "Decision",
    "DecisionInput",
    "DocumentKind",
    "Effect",
    "Evaluation",
    "Exemption",
    "ExpiryWarning",
    "FleetDecision",
    "Opa",
    "OpaChange",
    "OpaInstance",
    "OpaRevision",
    "OpaSource",
    "Policy",
    "PolicyFixture",
    "PolicySet",
    "PolicySetMember",
    "PolicySetVersion",
    "PolicyVersion",
    "Provenance",
    "Resource",
    "Scope",
    "Snapshot",
    "SourceDocument",
    "WhatIf",
    "WhatIfResult",
    "Would",
]
