"""The evaluator's effects and applicability against what the public description says of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policies.azure.definitions import SEARCH, definition, search
from tests.policies.azure.rules import Compliance

LOGS = "Microsoft.Insights/diagnosticSettings/logs"
COMPUTE = "Microsoft.MachineLearningServices/workspaces/computes"
LOGGED = {"logs": [{"enabled": True}], "workspaceId": "w"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ([{"name": "s", "properties": LOGGED}], Compliance.COMPLIANT),
        ([{"name": "other"}, {"name": "S", "properties": LOGGED}], Compliance.COMPLIANT),
        ([{"name": "other", "properties": LOGGED}], Compliance.NONCOMPLIANT),
        ([{"name": "s", "properties": {"logs": [{"enabled": False}]}}], Compliance.NONCOMPLIANT),
        ([], Compliance.NONCOMPLIANT),
        (None, Compliance.NONCOMPLIANT),
    ],
)
def test_one_related_resource_must_be_as_the_effect_wants(
    settings: Any, expected: Compliance
) -> None:
    rule = definition(
        {"field": "type", "equals": SEARCH},
        effect="DeployIfNotExists",
        details={
            "type": "Microsoft.Insights/diagnosticSettings",
            "name": "s",
            "existenceCondition": {"field": f"{LOGS}.enabled", "equals": True},
        },
    )

    assert rule.judge({**search(), "diagnosticSettings": settings}) is expected


def test_without_the_condition_of_if_a_related_resource_is_not_asked_for() -> None:
    condition = {
        "allOf": [
            {"field": "type", "equals": SEARCH},
            {"field": f"{SEARCH}/publicNetworkAccess", "equals": "Disabled"},
        ]
    }
    details = {"type": "Microsoft.Insights/diagnosticSettings"}
    asked = definition(condition, effect="AuditIfNotExists", details=details)

    assert asked.judge(search()) is Compliance.NOT_APPLICABLE
    assert definition(condition).judge(search()) is Compliance.COMPLIANT


def test_only_type_name_and_kind_decide_whether_a_definition_applies() -> None:
    condition = {
        "allOf": [
            {"field": "type", "equals": SEARCH},
            {"not": {"field": "kind", "equals": "project"}},
            {"not": {"field": f"{SEARCH}/publicNetworkAccess", "equals": "Disabled"}},
        ]
    }
    rule = definition(condition)

    assert rule.judge({**search(), "kind": "Project"}) is Compliance.NOT_APPLICABLE
    assert rule.judge(search(publicNetworkAccess="Disabled")) is Compliance.COMPLIANT
    assert rule.judge(search()) is Compliance.NONCOMPLIANT


def test_a_component_has_its_type_in_the_mode_of_the_data_plane() -> None:
    kind = "Microsoft.CognitiveServices.Data/accounts/deployments"
    rule = definition(
        {"field": "type", "equals": kind}, effect="Deny", mode="Microsoft.CognitiveServices.Data"
    )

    found = rule.judge({"type": "Microsoft.CognitiveServices/accounts/deployments"})

    assert found is Compliance.NONCOMPLIANT


def test_an_effect_that_is_disabled_judges_nothing() -> None:
    rule = definition({"field": "type", "equals": SEARCH}, effect="Disabled")

    assert rule.judge(search()) is Compliance.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"channels": ["b", "a"]}, Compliance.COMPLIANT),
        ({"channels": ["a"]}, Compliance.NONCOMPLIANT),
        ({}, Compliance.NONCOMPLIANT),
    ],
)
def test_an_enforced_setting_must_be_the_one_of_the_assignment(
    settings: dict[str, Any], expected: Compliance
) -> None:
    rule = definition(
        {"field": "name", "equals": "train"},
        effect="enforceSetting",
        details={"setting": {"name": "channels", "value": "[parameters('channels')]"}},
        parameters={"channels": ["a", "b"]},
        mode="Microsoft.MachineLearningServices.Data",
    )
    compute = {"type": COMPUTE, "name": "train", "enforcedSettings": settings}

    assert rule.judge(compute) is expected
    assert rule.judge({**compute, "type": SEARCH}) is Compliance.NOT_APPLICABLE
