"""Asking an engine about many documents of one entry."""

from __future__ import annotations

import json
from collections.abc import Sequence

from policies.engines.base import Bundle, Engine, Outcome, State
from policies.packs.catalog import bundle
from tests.policies.azure.cases import Entry, Mutation
from tests.policies.azure.rules import Compliance, Definition

DEADLINE = 60.0


def states(engine: Engine, entry: Entry, documents: Sequence[object]) -> list[State]:
    """What our rule says of each document."""
    return [each.state for each in outcomes(engine, entry, documents)]


def outcomes(engine: Engine, entry: Entry, documents: Sequence[object]) -> list[Outcome]:
    module = bundle().by_package[entry.package]
    answers = engine.evaluate_many(
        Bundle((module,)),
        packages=[entry.package],
        inputs=[json.dumps(document) for document in documents],
        deadline=DEADLINE,
    )
    return [answer[entry.package] for answer in answers]


def compliance(definition: Definition, entry: Entry, mutation: Mutation) -> Compliance:
    """What Azure says of a mutated document."""
    return definition.judge(entry.resource(mutation.configuration), mutation.parameters.azure)
