"""ARM templates: expressions, loops, children and extensions."""

from __future__ import annotations

from typing import Any

import pytest

from policies.normalisers import Hints, NormalisationError, Skipped, normalise
from tests.policies.normalisers.reading import only, read

WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
ACCESS = "properties.publicNetworkAccess"


def template(*resources: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"resources": list(resources), **parts}


def workspace(**changes: Any) -> dict[str, Any]:
    return {"type": WORKSPACE, "name": "ws", "properties": {}} | changes


def test_parameters_variables_and_functions_are_resolved() -> None:
    found = only(
        "arm-template",
        template(
            workspace(
                name="[toLower(concat(parameters('prefix'), '-', variables('stage').name))]",
                properties={
                    "publicNetworkAccess": (
                        "[if(equals(parameters('open'), true()), 'Enabled', 'Disabled')]"
                    ),
                    "keyVault": (
                        "[resourceId('Microsoft.KeyVault/vaults',"
                        " format('{0}-kv', parameters('prefix')))]"
                    ),
                },
            ),
            parameters={
                "prefix": {"type": "string", "defaultValue": "ACME"},
                "open": {"type": "bool", "defaultValue": False},
            },
            variables={"stage": {"name": "Prod"}},
        ),
    )

    assert found.external_id == "acme-prod"
    assert found.configuration["properties"] == {
        "publicNetworkAccess": "Disabled",
        "keyVault": "/providers/Microsoft.KeyVault/vaults/ACME-kv",
    }
    assert found.provenance == "declared"


@pytest.mark.parametrize(
    "expression",
    [
        "[parameters('untold')]",
        "[reference('x').y]",
        "[if(parameters('untold'), 'a', 'b')]",
        "[parameters('secret')]",
        "[variables('round')]",
        "[unknownFunction('x')]",
        "[concat('a'",
        "[uniqueString(resourceGroup().id)]",
    ],
)
def test_what_only_a_deployment_resolves_stays_as_it_is_written(expression: str) -> None:
    found = only(
        "arm-template",
        template(
            workspace(properties={"publicNetworkAccess": expression}),
            parameters={
                "untold": {"type": "string"},
                "secret": {"type": "secureString", "defaultValue": "hunter2"},
            },
            variables={"round": "[variables('round')]"},
        ),
    )

    assert found.configuration["properties"]["publicNetworkAccess"] == expression
    assert found.fields == {"name": "declared", ACCESS: "declared", "type": "declared"}


def test_values_of_a_deployment_stand_in_for_defaults() -> None:
    inner = template(
        workspace(properties={"publicNetworkAccess": "[parameters('access')]"}),
        parameters={"access": {"type": "string", "defaultValue": "Enabled"}},
    )
    deployment = {
        "properties": {"template": inner, "parameters": {"access": {"value": "Disabled"}}}
    }

    found = only("arm-template", deployment)

    assert found.configuration["properties"]["publicNetworkAccess"] == "Disabled"


def test_what_a_template_leaves_out_is_absent_and_what_it_cannot_say_is_not_listed() -> None:
    found = only(
        "arm-template",
        template(workspace()),
        reads=[ACCESS, "properties.privateEndpointConnections", "diagnosticSettings"],
    )

    assert found.fields is not None
    assert found.fields[ACCESS] == "absent"
    assert "properties.privateEndpointConnections" not in found.fields
    assert "diagnosticSettings" not in found.fields


def test_nothing_is_absent_below_an_expression() -> None:
    found = only(
        "arm-template",
        template(workspace(properties="[parameters('all')]"), parameters={"all": {}}),
        reads=[ACCESS],
    )

    assert found.fields is not None
    assert ACCESS not in found.fields


def test_loops_are_written_out() -> None:
    found = read(
        "arm-template",
        template(
            workspace(
                name="[format('ws{0}', copyIndex(1))]",
                copy={"name": "all", "count": "[length(variables('names'))]"},
                properties={
                    "friendlyName": "[variables('names')[copyIndex('all')]]",
                    "copy": [
                        {"name": "ipAllowlist", "count": 2, "input": "[copyIndex('ipAllowlist')]"}
                    ],
                },
            ),
            variables={"names": ["one", "two"]},
        ),
    )

    assert [each.external_id for each in found] == ["ws1", "ws2"]
    assert found[1].configuration["properties"] == {"friendlyName": "two", "ipAllowlist": [0, 1]}


def test_a_loop_of_unknown_length_is_one_resource_with_a_note() -> None:
    found = only(
        "arm-template",
        template(
            workspace(copy={"name": "all", "count": "[parameters('n')]"}), parameters={"n": {}}
        ),
    )

    assert found.notes == ("stands for a loop whose length the template leaves open",)


def test_children_take_type_and_name_from_their_parent() -> None:
    child = {"type": "computes", "name": "cpu", "properties": {"computeType": "AmlCompute"}}

    found = read("arm-template", template(workspace(resources=[child])))

    assert [(each.type, each.external_id) for each in found] == [
        (WORKSPACE, "ws"),
        (f"{WORKSPACE}/computes", "ws/cpu"),
    ]


@pytest.mark.parametrize(
    "setting",
    [
        {
            "type": "Microsoft.Insights/diagnosticSettings",
            "name": "logs",
            "scope": f"[format('{WORKSPACE}/{{0}}', 'ws')]",
            "properties": {"logs": []},
        },
        {
            "type": "Microsoft.Insights/diagnosticSettings",
            "name": "logs",
            "scope": f"[resourceId('{WORKSPACE}', 'ws')]",
            "properties": {"logs": []},
        },
        {
            "type": f"{WORKSPACE}/providers/diagnosticSettings",
            "name": "ws/Microsoft.Insights/logs",
            "properties": {"logs": []},
        },
    ],
)
def test_diagnostic_settings_stand_with_what_they_are_for(setting: dict[str, Any]) -> None:
    found = only("arm-template", template(workspace(), setting), reads=["diagnosticSettings"])

    (listed,) = found.configuration["diagnosticSettings"]
    assert listed["properties"] == {"logs": []}
    assert found.fields is not None
    assert found.fields["diagnosticSettings"] == "declared"


def test_a_model_deployment_shows_the_content_filter_that_it_names() -> None:
    accounts = "Microsoft.CognitiveServices/accounts"
    filters = [{"name": "Hate", "source": "Prompt", "blocking": True, "enabled": True}]

    found = read(
        "arm-template",
        template(
            {"type": accounts, "name": "ai", "properties": {}},
            {
                "type": f"{accounts}/raiPolicies",
                "name": "ai/strict",
                "properties": {"contentFilters": filters, "mode": "Blocking"},
            },
            {
                "type": f"{accounts}/deployments",
                "name": "ai/gpt",
                "properties": {"raiPolicyName": "strict"},
            },
        ),
    )

    (model,) = [each for each in found if each.type.endswith("/deployments")]
    assert model.configuration["properties"]["raiPolicy"] == {
        "name": "strict",
        "contentFilters": filters,
        "mode": "Blocking",
    }


def test_nested_deployments_are_opened_each_in_its_own_scope() -> None:
    def nested(scope: str) -> dict[str, Any]:
        return {
            "type": "Microsoft.Resources/deployments",
            "name": scope,
            "properties": {
                "expressionEvaluationOptions": {"scope": scope},
                "parameters": {"name": {"value": "[concat(parameters('name'), '-inner')]"}},
                "template": template(
                    workspace(name="[parameters('name')]"), parameters={"name": {"type": "string"}}
                ),
            },
        }

    found = read(
        "arm-template",
        template(
            nested("inner"),
            nested("outer"),
            parameters={"name": {"type": "string", "defaultValue": "ws"}},
        ),
    )

    assert [each.external_id for each in found] == ["ws-inner", "ws"]


def test_what_is_not_deployed_is_left_out_and_says_why() -> None:
    found, skipped = normalise(
        "arm-template", template(workspace(condition=False), workspace(name="b")), hints=Hints()
    )

    assert [each.external_id for each in found] == ["b"]
    assert skipped == [Skipped(f"{WORKSPACE} ws", "its condition is false")]


def test_templates_with_symbolic_names_are_read() -> None:
    found = only(
        "arm-template",
        {
            "languageVersion": "2.0",
            "resources": {"ws": workspace(), "old": workspace(name="old", existing=True)},
        },
    )

    assert found.external_id == "ws"


@pytest.mark.parametrize("document", [{}, [], "text", {"resources": 1}, {"resources": ["no"]}])
def test_what_is_no_template_is_refused(document: Any) -> None:
    with pytest.raises(NormalisationError):
        normalise("arm-template", document)


def test_a_template_that_unfolds_without_end_stays_as_it_is_written() -> None:
    doubled = {
        f"v{each}": f"[concat(variables('v{each + 1}'), variables('v{each + 1}'))]"
        for each in range(40)
    }
    doubled["v40"] = "x" * 100

    found = only(
        "arm-template",
        template(workspace(properties={"description": "[variables('v0')]"}), variables=doubled),
    )

    assert found.configuration["properties"]["description"] == "[variables('v0')]"
