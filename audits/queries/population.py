"""The population of a scan: every question that the policies in force put to a workspace."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from core.canonical import sha256
from policies.queries.configurations import configurations_by_workspace, resources_of
from policies.queries.exemptions import Exemptions, exemptions_in_force
from policies.queries.questions import (
    Question,
    questions_about,
    questions_about_nothing,
    rules_on_configurations,
)
from policies.queries.standing import standing_questions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from audits.models import ScanWorkspace
    from policies.queries.assignments import Rule

# As many documents are in memory at a time, and what is asked about them.
CHUNK = 200


@dataclass(frozen=True)
class Population:
    """What is asked in one workspace, document by document, and the exemptions that count there.

    ``documents`` can be gone through once, and reads the database as it goes; there are ``count``
    of them.
    """

    documents: Iterator[list[Question]]
    count: int
    exemptions: Exemptions


def population_of(unit: ScanWorkspace, rules: Sequence[Rule]) -> Population:
    """Return the whole population of a workspace as of the scan's time, by the ``rules`` in force
    there and then.

    Rules about configurations are asked about every resource; rules about promotions about what
    stands under protected aliases: would the promotion that brought it pass today?
    """
    place, at = unit.workspace, unit.scan.as_of
    if not rules:
        return Population(iter(()), 0, Exemptions(()))
    resources = resources_of(place, at=at)
    judging = rules_on_configurations(rules)
    known = {kind.casefold() for _, kind in resources}
    others = _by_document(
        [
            *questions_about_nothing(place, judging, known),
            *standing_questions(unit, rules, at=at),
        ]
    )
    documents = _documents(unit, judging, [uuid for uuid, _ in resources], others)
    count = len(resources) + len(others)
    return Population(documents, count, exemptions_in_force([place], at=at))


def _documents(
    unit: ScanWorkspace,
    judging: Sequence[tuple[Rule, frozenset[str]]],
    resources: Sequence[UUID],
    others: list[list[Question]],
) -> Iterator[list[Question]]:
    place, at = unit.workspace, unit.scan.as_of
    for start in range(0, len(resources), CHUNK):
        part = resources[start : start + CHUNK]
        found = configurations_by_workspace([place], at=at, resources=part)[place.pk]
        for configuration in found:
            yield questions_about(judging, [configuration])
    yield from others


def _by_document(questions: Sequence[Question]) -> list[list[Question]]:
    def told(question: Question) -> tuple[str, str]:
        return question.kind, question.subject

    return [list(group) for _, group in groupby(sorted(questions, key=told), key=told)]


@dataclass
class Identities:
    """Gives each question what is equal for it in every scan: where, by which rule, on what.

    That is the digest of a JSON list of texts; what many questions share is written once.
    """

    _rules: dict[int, str] = field(default_factory=dict)
    _subjects: dict[tuple[str, int], str] = field(default_factory=dict)

    def of(self, question: Question) -> str:
        """Return the identity; the rule must outlive this object."""
        rule, snapshot = question.rule, question.snapshot
        head = self._rules.get(id(rule))
        if head is None:
            told = [str(question.workspace.uuid), *rule.key, rule.policy_version.policy.name]
            head = self._rules[id(rule)] = _texts(told)
        about = question.subject, snapshot.resource_id if snapshot else 0
        tail = self._subjects.get(about)
        if tail is None:
            resource = str(snapshot.resource.uuid) if snapshot else ""
            tail = self._subjects[about] = _texts([question.subject, resource])
        return sha256(f"[{head},{tail}]".encode())


def _texts(texts: Sequence[str]) -> str:
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))[1:-1]
