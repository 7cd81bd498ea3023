"""The population of a scan: every question that the policies in force put to a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.canonical import canonical_texts, sha256
from policies.queries.assignments import rules_by_workspace
from policies.queries.configurations import configurations_by_workspace
from policies.queries.exemptions import Exemptions, exemptions_in_force
from policies.queries.questions import Question, configuration_questions
from policies.queries.standing import standing_questions

if TYPE_CHECKING:
    from audits.models import ScanWorkspace


@dataclass(frozen=True)
class Population:
    """What is asked in one workspace, and the exemptions that count there."""

    questions: tuple[Question, ...]
    exemptions: Exemptions


def population_of(unit: ScanWorkspace) -> Population:
    """Return the whole population of a workspace as of the scan's time.

    Rules about configurations are asked about every resource; rules about promotions about what
    stands under protected aliases: would the promotion that brought it pass today?
    """
    place, at = unit.workspace, unit.scan.as_of
    rules = rules_by_workspace([place], at=at)[place.pk]
    if not rules:
        return Population((), Exemptions(()))
    configurations = configurations_by_workspace([place], at=at)[place.pk]
    questions = configuration_questions(place, rules, configurations)
    questions += standing_questions(unit, rules, at=at)
    return Population(tuple(questions), exemptions_in_force([place], at=at))


def identity(question: Question) -> str:
    """Return what is equal for the same question in every scan: where, by which rule, on what."""
    snapshot = question.snapshot
    told = [
        str(question.workspace.uuid),
        *question.rule.key,
        question.rule.policy_version.policy.name,
        question.subject,
        str(snapshot.resource.uuid) if snapshot else "",
    ]
    return sha256(canonical_texts(told))
