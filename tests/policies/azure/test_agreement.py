"""Our rules against Azure's own definitions, on documents made from tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from policies.engines.base import Engine, State
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa import OpaEngine
from tests.policies.azure.campaign import campaign
from tests.policies.azure.cases import Entry, Mutation, mutations, told, variants
from tests.policies.azure.entries import ENTRIES
from tests.policies.azure.harness import compliance, outcomes, states
from tests.policies.azure.rules import Compliance, Definition
from tests.support.opa import OpaServer

AGREED = {
    Compliance.NONCOMPLIANT: {State.FAIL},
    Compliance.COMPLIANT: {State.PASS, State.NOT_APPLICABLE},
    Compliance.NOT_APPLICABLE: {State.PASS, State.NOT_APPLICABLE},
}

each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=str)


def disagreements(
    definition: Definition, entry: Entry, found: Sequence[Mutation], engine: Engine
) -> list[str]:
    """What differs, in words; an answer that is unknown counts unless the document is silent."""
    documents = [entry.document(each.configuration, each.parameters) for each in found]
    problems = []
    for mutation, state in zip(found, states(engine, entry, documents), strict=True):
        theirs = compliance(definition, entry, mutation)
        excused = state is State.UNKNOWN and entry.does_not_tell(mutation.configuration)
        if state not in AGREED[theirs] and not excused:
            problems.append(f"Azure {theirs}, ours {state}: {mutation.key}")
    return problems


@each_entry
def test_the_rule_says_what_azure_says(
    engine: EmbeddedEngine, definitions: Path, entry: Entry
) -> None:
    definition = Definition.read(definitions / entry.file)
    found = mutations(entry, combined=8)

    assert len(found) >= 20
    assert disagreements(definition, entry, found, engine) == []


@each_entry
def test_neither_judges_another_resource(
    engine: EmbeddedEngine, definitions: Path, entry: Entry
) -> None:
    other = replace(entry, type="Microsoft.Storage/storageAccounts")
    definition = Definition.read(definitions / entry.file)
    mutation = Mutation(entry.base, entry.parameters[0])

    theirs = compliance(definition, other, mutation)
    ours = states(engine, entry, [other.document(entry.base, entry.parameters[0])])

    assert (theirs, ours) == (Compliance.NOT_APPLICABLE, [State.NOT_APPLICABLE])


@each_entry
def test_the_cases_of_a_definition_reach_both_answers(definitions: Path, entry: Entry) -> None:
    definition = Definition.read(definitions / entry.file)

    answers = [compliance(definition, entry, each) for each in mutations(entry, combined=8)]

    assert answers.count(Compliance.NONCOMPLIANT) >= 3
    assert len(answers) - answers.count(Compliance.NONCOMPLIANT) >= 3


@each_entry
def test_what_a_source_cannot_tell_never_fails_nor_passes_by_its_absence(
    engine: EmbeddedEngine, definitions: Path, entry: Entry
) -> None:
    """With a path untold the answer is what all its values have in common, or unknown."""
    definition = Definition.read(definitions / entry.file)
    parameters = entry.parameters[0]
    for path in entry.values:
        if any(step.isdigit() for step in path.split(".")):
            continue  # Elements are told with their array.
        missing, *others = variants(entry, path)
        common = {
            compliance(definition, entry, each) is Compliance.NONCOMPLIANT
            for each in (missing, *others)
        }
        fields = told(missing.configuration)
        document = entry.document(missing.configuration, parameters)
        untold, absent = (
            document | {"fields": each} for each in (fields, fields | {path: "absent"})
        )

        without, with_absence = states(engine, entry, [untold, absent])

        decided = len(common) == 1 and (without is State.FAIL) is common.pop()
        assert without is State.UNKNOWN or decided, path
        theirs = compliance(definition, entry, missing)
        is_excused = with_absence is State.UNKNOWN and entry.does_not_tell(missing.configuration)
        assert with_absence in AGREED[theirs] or is_excused, (path, theirs, with_absence)


@pytest.mark.slow
@each_entry
def test_the_rule_says_what_azure_says_of_many_more_documents(
    engine: EmbeddedEngine, definitions: Path, entry: Entry
) -> None:
    definition = Definition.read(definitions / entry.file)

    assert disagreements(definition, entry, mutations(entry, combined=160), engine) == []


@pytest.mark.slow
@each_entry
def test_the_rule_says_what_azure_says_of_documents_edited_anywhere(
    engine: EmbeddedEngine, definitions: Path, entry: Entry
) -> None:
    definition = Definition.read(definitions / entry.file)
    found = campaign(entry, count=500)

    assert len(found) == 500
    assert disagreements(definition, entry, found, engine) == []


@pytest.mark.slow
@pytest.mark.opa
def test_engines_agree_on_every_mutated_document(
    engine: EmbeddedEngine, opa_server: OpaServer
) -> None:
    opa = OpaEngine(opa_server.url)
    try:
        for entry in ENTRIES:
            documents = [
                entry.document(each.configuration, each.parameters)
                for each in mutations(entry, combined=24)
            ]
            ours, theirs = (outcomes(each, entry, documents) for each in (engine, opa))
            opa.prune(keep=[])
            assert [each.answer for each in ours] == [each.answer for each in theirs], entry.file
    finally:
        opa.close()
