"""Every definition of the data has an entry, and every entry's rule names the definition."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policies.packs.catalog import shipped
from tests.policies.azure.entries import ENTRIES

PREFIX = "urn:azure:policy-definition:"


@pytest.fixture(scope="module")
def identities(test_data: Path) -> dict[str, str]:
    """The id of every definition, by its file."""
    folder = test_data / "azure-policies" / "built-in-policies" / "policyDefinitions"
    return {
        path.relative_to(folder).as_posix(): json.loads(path.read_text(encoding="utf-8"))["name"]
        for path in sorted(folder.glob("*/*.json"))
    }


def test_every_definition_has_its_cases(identities: dict[str, str]) -> None:
    assert len(identities) == 76
    assert sorted(set(identities) - {entry.file for entry in ENTRIES}) == []


def test_an_entry_stands_once_and_names_a_definition(identities: dict[str, str]) -> None:
    names = [str(entry) for entry in ENTRIES]

    assert sorted(names) == sorted(set(names))
    assert {entry.file for entry in ENTRIES} <= set(identities)


def test_a_rule_refers_to_the_definitions_that_it_answers_for(identities: dict[str, str]) -> None:
    references = {
        (f"{policy.pack}.{policy.name}", resource.ref)
        for policy in shipped()
        for resource in policy.metadata.related_resources
        if resource.ref.startswith(PREFIX)
    }
    entries = {(entry.rule, f"{PREFIX}{identities[entry.file]}") for entry in ENTRIES}

    assert sorted(entries - references) == []
