"""The policies' tables."""

from __future__ import annotations

from policies.models.assignment import Assignment, AssignmentExclusion, Effect, Scope
from policies.models.decision import Decision, DecisionInput, DocumentKind
from policies.models.exemption import Exemption
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
from policies.models.resource import Provenance, Resource, Snapshot

__all__ = [
    "Assignment",
    "AssignmentExclusion",
    "Decision",
    "DecisionInput",
    "DocumentKind",
    "Effect",
    "Exemption",
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
]
