"""Policies, assignments and configurations for tests, made through the services."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.actors import Actor
from policies.models import Assignment, Exemption, PolicyVersion, Snapshot
from policies.services import assignments, exemptions, policies, resources, submissions
from policies.services.checks import checked_policy
from policies.services.resources import Address
from policies.services.terms import Terms
from registry.models import Promotion, Workspace
from registry.services.promotions import request
from tests.factories import administrator, unique

WORKSPACE_TYPE = "Acme.MachineLearning/workspaces"
OPEN = {"properties": {"public": True}}
CLOSED = {"properties": {"public": False}}
# Configurations must be closed; what does not say so is unknown.
CLOSED_RULE = """
verdict := {"state": "pass", "findings": []} if {
	input.configuration.properties.public == false
} else := {"state": "fail", "findings": [{"msg": "it is open", "path": "properties.public"}]} if {
	input.configuration.properties.public == true
} else := {"state": "unknown", "findings": []}
"""
CLOSED_TESTS = """
import rego.v1

import data.{package}

told(public) := {{"configuration": {{"properties": {{"public": public}}}}}}

test_closed_passes if {{
	verdict := {package}.verdict with input as told(false)
	verdict.state == "pass"
}}

test_open_fails if {{
	verdict := {package}.verdict with input as told(true)
	verdict.state == "fail"
}}
"""
# Promotions need a reason that names a ticket.
TICKET_RULE = """
verdict := {"state": "pass", "findings": []} if {
	startswith(input.reason, "T-")
} else := {"state": "fail", "findings": [{"msg": "no ticket is named", "path": "reason"}]}
"""
# Time of the parameter from which on nothing passes.
SUNSET_RULE = """
verdict := {"state": "pass", "findings": []} if {
	is_string(input.now)
	is_string(input.parameters.sunset)
	input.now < input.parameters.sunset
} else := {"state": "fail", "findings": [{"msg": "the sunset is over", "path": "now"}]}
"""


NOW = "2026-07-30T10:00:00.000000+00:00"
PLACE = {"slug": "prod", "stage": "production"}


def configuration_input(
    document: dict[str, Any], *, kind: str = WORKSPACE_TYPE, **changes: Any
) -> dict[str, Any]:
    """A whole input of the kind configuration, as fixtures are made of."""
    return {
        "schema": "muniment.configuration/v1",
        "now": NOW,
        "workspace": PLACE,
        "resource": {
            "type": kind,
            "external_id": "acme-1",
            "source": "acme",
            "observed_at": NOW,
            "provenance": "observed",
        },
        "configuration": document,
        "parameters": {},
    } | changes


def fixture(name: str, state: str, document: dict[str, Any]) -> dict[str, Any]:
    """A fixture as a save takes it."""
    return {"name": name, "state": state, "input": document}


# Examples of CLOSED_RULE.
CLOSED_FIXTURES = [
    fixture("closed", "pass", configuration_input(CLOSED)),
    fixture("open", "fail", configuration_input(OPEN)),
    fixture("untold", "unknown", configuration_input({})),
]


def source(
    rule: str, *, package: str, kinds: tuple[str, ...], parameters: tuple[str, ...] = ()
) -> str:
    """The text of a policy with METADATA around ``rule``."""
    lines = [
        "scope: package",
        f"title: The policy {package}",
        "description: For tests.",
        "custom:",
        "  severity: high",
        "  controls: [test/control-1]",
        "  remediation: Close it.",
        f"  input_kinds: [{', '.join(kinds)}]",
    ]
    if parameters:
        lines += ["  parameters:", *[f"    {name}: A parameter." for name in parameters]]
    metadata = "\n".join(f"# {line}" for line in ["METADATA", *lines])
    return f"{metadata}\npackage {package}\n\nimport rego.v1\n{rule}"


def make_policy(
    rule: str = CLOSED_RULE,
    *,
    kinds: tuple[str, ...] = (f"configuration/{WORKSPACE_TYPE}",),
    parameters: tuple[str, ...] = (),
    checked: bool = True,
) -> PolicyVersion:
    """A policy with one version; ``checked`` marks it as OPA would after compiling and testing."""
    name = unique("policy")
    text = source(rule, package=name.replace("-", "_"), kinds=kinds, parameters=parameters)
    version = store(name, text)
    if checked:
        mark_checked(version)
    return version


def proposing(value: object) -> PolicyVersion:
    """A policy that would set the one property that it judges to ``value``."""
    name = unique("policy")
    text = source(
        CLOSED_RULE,
        package=name.replace("-", "_"),
        kinds=(f"configuration/{WORKSPACE_TYPE}",),
    )
    change = json.dumps([{"op": "replace", "path": "/properties/public", "value": value}])
    text = text.replace("\npackage ", f"\n#   modify: {change}\npackage ", 1)
    version = store(name, text)
    mark_checked(version)
    return version


def store(name: str, text: str) -> PolicyVersion:
    """A version without fixtures, whose text passed its checks: for tests that are not about
    saving, and for rules that no fixture could hold."""
    return policies.store_version(
        actor=administrator(),
        name=name,
        found=checked_policy(name, source=text, tests=""),
        tests="",
        fixtures=[],
    )


def mark_checked(version: PolicyVersion) -> None:
    """Do what OPA's check does to the row, so that tests need no OPA to gate."""
    version.checked_by, version.checked_at = "OPA in a test", timezone.now()
    version.save(update_fields=["checked_by", "checked_at"])


def assign(
    policy: PolicyVersion, workspace: Workspace, effect: str = "deny", **terms: Any
) -> Assignment:
    """The policy over one workspace."""
    return assignments.assign(
        actor=administrator(),
        scope=f"workspace/{workspace.slug}",
        policy=policy.reference,
        terms=Terms(effect=effect, **terms),
    )


def submit(
    workspace: Workspace,
    document: dict[str, Any],
    *,
    provenance: str = "observed",
    observed_at: datetime | None = None,
    external_id: str = "acme-1",
    kind: str = WORKSPACE_TYPE,
) -> Snapshot:
    """A snapshot of the one resource that most tests have."""
    return resources.submit_snapshot(
        actor=administrator(),
        workspace=workspace.slug,
        address=Address(source="acme", type=kind, external_id=external_id),
        document=document,
        provenance=provenance,
        observed_at=observed_at,
    )


def upload(
    workspace: Workspace,
    document: dict[str, Any],
    *,
    external_id: str = "acme-1",
    kind: str = WORKSPACE_TYPE,
) -> Snapshot:
    """A snapshot that came in a document."""
    told = {"type": kind, "external_id": external_id, "configuration": document}
    done = submissions.submit_document(
        actor=administrator(), workspace=workspace.slug, form="native", body=told
    )
    return done.snapshots[0]


def promote(
    ref: str, target: Workspace, *, actor: Actor | None = None, reason: str = "T-1"
) -> Promotion:
    """Ask for a promotion, by the administrator unless by somebody else."""
    return request.promote(
        actor=actor or administrator(), source=ref, target=target.slug, reason=reason
    )


def reasons(promotion: Promotion) -> list[dict[str, Any]]:
    """The reasons of the policy gate."""
    (verdict,) = [each for each in promotion.verdicts if each["gate"] == "policies"]
    found: list[dict[str, Any]] = verdict["reasons"]
    return found


def exempt(
    assignment: Assignment,
    workspace: Workspace,
    *,
    asked_by: Actor,
    expires_at: datetime,
    **scope: Any,
) -> Exemption:
    """An exemption that the administrator granted."""
    asked = exemptions.ask(
        actor=asked_by,
        scope=exemptions.Scope(assignment=assignment.uuid, workspace=workspace.slug, **scope),
        category="waiver",
        reason="The move is under way.",
        expires_at=expires_at,
    )
    return exemptions.grant(actor=administrator(), exemption=asked.uuid)
