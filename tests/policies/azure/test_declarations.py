"""What rules declare of themselves, and templates, held against Azure's own definitions."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from policies.engines.base import State
from policies.engines.embedded import EmbeddedEngine
from policies.packs.catalog import shipped
from tests.policies.azure.cases import Entry, Mutation, mutations, variants, with_value
from tests.policies.azure.entries import ENTRIES
from tests.policies.azure.harness import compliance, states
from tests.policies.azure.rules import Compliance, Definition

POLICIES = {policy.module.package: policy for policy in shipped()}

each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=str)


def has_index(path: str) -> bool:
    return any(step.isdigit() for step in path.split("."))


def decides(definition: Definition, entry: Entry, path: str) -> bool:
    """Whether the values of the path lead to different answers."""
    answers = {
        compliance(definition, entry, each) is Compliance.NONCOMPLIANT
        for each in variants(entry, path)
    }
    return len(answers) == 2


@each_entry
def test_a_rule_declares_the_paths_that_decide(definitions: Path, entry: Entry) -> None:
    definition = Definition.read(definitions / entry.file)
    reads = POLICIES[entry.package].metadata.reads

    for path in entry.values:
        if not has_index(path) and decides(definition, entry, path):
            assert any(overlap(path, read) for read in reads), path


def overlap(path: str, read: str) -> bool:
    """Whether one of two paths is the other or leads to it."""
    return f"{path}.".startswith(f"{read}.") or f"{read}.".startswith(f"{path}.")


@each_entry
def test_what_only_a_deployment_resolves_is_unknown(
    engine: EmbeddedEngine, definitions: Path, entry: Entry
) -> None:
    definition = Definition.read(definitions / entry.file)
    for path in entry.values:
        if has_index(path) or not decides(definition, entry, path):
            continue
        configuration = with_value(entry.base, path, "[parameters('setting')]")
        document = entry.document(configuration, entry.parameters[0])
        document["resource"]["provenance"] = "declared"

        assert states(engine, entry, [document]) == [State.UNKNOWN], path


@each_entry
def test_what_azure_would_modify_mends_what_fails(definitions: Path, entry: Entry) -> None:
    definition = Definition.read(definitions / entry.file)
    patch = POLICIES[entry.package].metadata.modify
    if not is_modification(definition):
        return
    assert patch, "the rule of a modification shows it"

    found = mutations(entry, combined=0)
    failing = [
        each for each in found if compliance(definition, entry, each) is Compliance.NONCOMPLIANT
    ]
    assert failing
    for each in failing:
        mended = Mutation(patched(each.configuration, patch), each.parameters)
        answer = compliance(definition, entry, mended)
        assert answer is not Compliance.NONCOMPLIANT, each.key


def is_modification(definition: Definition) -> bool:
    parameters = definition.properties["parameters"]
    return str(parameters.get("effect", {}).get("defaultValue", "")).lower() == "modify"


def patched(document: Mapping[str, Any], patch: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The document after a JSON Patch of members (RFC 6902) in objects that are there."""
    changed: dict[str, Any] = copy.deepcopy(dict(document))
    for operation in patch:
        *parents, last = [
            step.replace("~1", "/").replace("~0", "~") for step in operation["path"].split("/")[1:]
        ]
        inner: Any = changed
        for step in parents:
            inner = inner[step]
        if operation["op"] == "remove":
            del inner[last]
        else:
            inner[last] = copy.deepcopy(operation["value"])
    return changed
