"""The evaluator's conditions and functions against what the public description says of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policies.azure.definitions import SEARCH, definition, search
from tests.policies.azure.operators import MISSING, holds
from tests.policies.azure.rules import Compliance
from tests.policies.azure.templates import TemplateFailure, resolve


def is_met(condition: dict[str, Any], document: dict[str, Any], **parameters: Any) -> bool:
    found = definition(condition, parameters=parameters).judge(document)
    return found is Compliance.NONCOMPLIANT


@pytest.mark.parametrize(
    ("condition", "wanted", "actual", "expected"),
    [
        ("equals", "Disabled", "DISABLED", True),
        ("equals", "true", True, True),
        ("equals", True, "True", True),
        ("equals", "0", 0, True),
        ("equals", "Disabled", MISSING, False),
        ("equals", "x", ["x"], False),
        ("notEquals", "Disabled", MISSING, True),
        ("notEquals", "x", {"x": 1}, True),
        ("in", ["A", "b"], "a", True),
        ("in", [], "a", False),
        ("notIn", ["a"], MISSING, True),
        ("notin", ["a"], "A", False),
        ("like", "https://*", "HTTPS://x", True),
        ("like", "https://*", "http://x", False),
        ("like", "*.b", "a.b", True),
        ("like", "a.b", "axb", False),
        ("notLike", "https://*", MISSING, True),
        ("contains", "registries/", "azureml://Registries/x", True),
        ("contains", "", "x", True),
        ("contains", "", MISSING, False),
        ("contains", "x", ["X"], True),
        ("notContains", "x", MISSING, True),
        ("match", "ab#?.", "ab1xz", True),
        ("match", "AB#", "ab1", False),
        ("matchInsensitively", "AB#", "ab1", True),
        ("exists", "false", MISSING, True),
        ("exists", True, "", True),
        ("exists", True, MISSING, False),
        ("containsKey", "Owner", {"owner": 1}, True),
        ("less", 1, 0, True),
        ("greaterOrEquals", "365", "030", False),
        ("greater", "a", "B", True),
    ],
)
def test_a_condition_holds_as_the_language_says(
    condition: str, wanted: Any, actual: Any, expected: bool
) -> None:
    assert holds(condition, wanted, actual) is expected


def test_types_without_an_order_are_an_error() -> None:
    with pytest.raises(TemplateFailure):
        holds("less", 1, "a")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[concat('it''s ', 'a', 1)]", "it's a1"),
        ("[length(createArray('a', 'b'))]", 2),
        ("[empty('')]", True),
        ("[padLeft('30', 3, '0')]", "030"),
        ("[padLeft(30, 3, '0')]", "030"),
        ("[if(equals(1, 1), 'yes', 'no')]", "yes"),
        ("[first(split('a/b', '/'))]", "a"),
        ("[split('a/b', '/')[1]]", "b"),
        ("[toLower('AB')]", "ab"),
        ("[[not an expression]", "[not an expression]"),
        ("plain", "plain"),
    ],
)
def test_an_expression_gives_its_value(expression: str, value: object) -> None:
    assert resolve(expression, {}) == value


@pytest.mark.parametrize(
    "expression", ["[empty(7)]", "[first(createArray())]", "[padLeft(true(), 3)]"]
)
def test_an_expression_without_a_value_fails(expression: str) -> None:
    with pytest.raises(TemplateFailure):
        resolve(expression, {})


def test_a_function_that_is_not_known_is_no_answer() -> None:
    with pytest.raises(NotImplementedError, match="uniqueString"):
        resolve("[uniqueString('a')]", {})


def test_a_field_that_is_not_known_is_no_answer() -> None:
    with pytest.raises(NotImplementedError, match="noSuchThing"):
        is_met({"field": f"{SEARCH}/noSuchThing", "exists": True}, search())


def test_names_of_fields_have_no_case() -> None:
    condition = {"field": f"{SEARCH.lower()}/PUBLICNETWORKACCESS", "equals": "enabled"}

    assert is_met(condition, search(publicNetworkAccess="Enabled"))


STATUS = f"{SEARCH}/privateEndpointConnections[*].privateLinkServiceConnectionState.status"


def connected(*statuses: str | None) -> dict[str, Any]:
    connections = [
        {"properties": {"privateLinkServiceConnectionState": {"status": each} if each else {}}}
        for each in statuses
    ]
    return search(privateEndpointConnections=connections)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (connected("Approved", "Approved"), True),
        (connected("Approved", "Pending"), False),
        (connected("Approved", None), False),
        (connected(), True),
        (search(), True),
    ],
)
def test_a_condition_on_an_array_must_hold_for_every_element(
    document: dict[str, Any], expected: bool
) -> None:
    assert is_met({"field": STATUS, "equals": "Approved"}, document) is expected


@pytest.mark.parametrize(
    ("document", "count"),
    [
        (connected("Approved", "approved", "Pending", None), 2),
        (connected(), 0),
        (search(), 0),
    ],
)
def test_a_count_looks_at_each_element_as_if_it_were_alone(
    document: dict[str, Any], count: int
) -> None:
    condition = {
        "count": {
            "field": f"{SEARCH}/privateEndpointConnections[*]",
            "where": {"field": STATUS, "equals": "Approved"},
        },
        "equals": count,
    }

    assert is_met(condition, document)


def test_a_count_over_arrays_in_arrays_looks_at_each_pair() -> None:
    field = "Microsoft.Network/privateEndpoints/privateLinkServiceConnections[*].groupIds[*]"
    document = {
        "type": "Microsoft.Network/privateEndpoints",
        "properties": {
            "privateLinkServiceConnections": [
                {"properties": {"groupIds": ["a", "b"]}},
                {"properties": {}},
                {"properties": {"groupIds": ["A"]}},
            ]
        },
    }

    assert is_met(
        {"count": {"field": field, "where": {"field": field, "equals": "a"}}, "equals": 2}, document
    )
    assert is_met({"count": {"field": field}, "equals": 3}, document)


def test_a_count_over_values_names_the_current_one() -> None:
    condition = {
        "count": {
            "value": "[parameters('wanted')]",
            "name": "each",
            "where": {"field": "name", "contains": "[current('each')]"},
        },
        "equals": 2,
    }

    assert is_met(condition, search(), wanted=["ass", "ist", "prod"])


def test_an_array_exists_when_it_selects_something() -> None:
    condition = {"field": f"{SEARCH}/networkRuleSet.ipRules[*].value", "exists": "false"}

    assert is_met(condition, search())
    assert is_met(condition, search(networkRuleSet={"ipRules": []}))
    assert not is_met(condition, search(networkRuleSet={"ipRules": [{"value": "10.0.0.1"}]}))


def test_the_function_field_gives_an_empty_text_for_nothing() -> None:
    condition = {"value": f"[empty(field('{SEARCH}/publicNetworkAccess'))]", "equals": True}

    assert is_met(condition, search())
    assert not is_met(condition, search(publicNetworkAccess="Disabled"))


def test_an_evaluation_that_fails_is_a_denial() -> None:
    condition = {"value": f"[empty(field('{SEARCH}/publicNetworkAccess'))]", "equals": True}

    assert definition(condition).judge(search(publicNetworkAccess=7)) is Compliance.NONCOMPLIANT
