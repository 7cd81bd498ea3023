"""The generated pages of docs/, and the list of Azure's definitions that they use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policies.packs.azure import PREFIX, answered, definitions
from policies.packs.catalog import shipped
from policies.packs.tables import azure_page, packs_page, pages

SPELLINGS = {"audit": "Audit", "deny": "Deny"}


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_a_page_says_what_the_command_writes(path: Path) -> None:
    wanted = pages()[path]

    assert path.read_text(encoding="utf-8") == wanted, "run python -m policies.packs.tables"


def test_the_list_of_definitions_is_azures(test_data: Path) -> None:
    folder = test_data / "azure-policies" / "built-in-policies" / "policyDefinitions"
    theirs = set()
    for path in folder.glob("*/*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        properties = content["properties"]
        declared = properties["parameters"]
        effect = declared.get("effect") or declared.get("effects") or {}
        values = effect.get("allowedValues") or [properties["policyRule"]["then"]["effect"]]
        effects = {SPELLINGS.get(each, each) for each in values if each.lower() != "disabled"}
        name = " ".join(properties["displayName"].split())
        theirs.add((content["name"], name, path.parent.name, tuple(sorted(effects))))

    assert {(each.id, each.name, each.family, each.effects) for each in definitions()} == theirs


def test_rules_refer_to_definitions_that_exist() -> None:
    known = {each.id for each in definitions()}

    assert set(answered(shipped())) <= known


def test_a_definition_is_listed_with_its_rule_and_controls() -> None:
    page = azure_page(definitions(), shipped())
    (row,) = [line for line in page.splitlines() if "45e05259-1eb5-4f70-9574-baf73e9d219b" in line]

    assert "`azure_ml.private_endpoint`" in row
    assert "mcsb/NS-2" in row
    assert PREFIX not in page


def test_a_definition_without_a_rule_is_listed_as_such() -> None:
    page = azure_page(definitions(), [])

    assert page.count(" | none | ") == len(definitions()) == 76


def test_every_policy_is_listed_under_its_pack() -> None:
    page = packs_page(shipped())

    for policy in shipped():
        section = page.partition(f"## {policy.pack}\n")[2].partition("\n## ")[0]
        assert f"`{policy.pack}.{policy.name}`" in section
