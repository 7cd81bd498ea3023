"""The population of a scan: every question that the policies in force put to a workspace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from audits.queries.standing import standing
from core.actors import system
from core.canonical import canonical_texts, sha256
from core.errors import InvalidInput
from policies.documents import PROMOTION_SCHEMA, promotion_document
from policies.queries.assignments import rules_by_workspace
from policies.queries.configurations import configurations_by_workspace
from policies.queries.exemptions import Exemptions, exemptions_in_force
from policies.queries.questions import (
    Question,
    configuration_questions,
    judges_promotion,
    promotion_questions,
)
from registry.gates.base import Proposal
from registry.queries.closure import closure_of
from registry.queries.versions import asset_reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audits.models import ScanWorkspace
    from policies.queries.assignments import Rule
    from registry.models import AliasMove, Promotion

NOT_PROMOTED = "no promotion of its own brought the version into this workspace"


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
    for move in standing([unit], at=at):
        questions += _promotion_questions(unit, rules, move)
    return Population(tuple(questions), exemptions_in_force([place], at=at))


def _promotion_questions(
    unit: ScanWorkspace, rules: Sequence[Rule], move: AliasMove
) -> list[Question]:
    version = move.to_version
    assert version is not None  # standing() leaves out moves to nothing
    asked = [rule for rule in rules if judges_promotion(rule, move.asset.kind)]
    if not asked:
        return []
    document, unanswerable = _standing_document(unit, move)
    questions = promotion_questions(unit.workspace, asked, version=version, document=document)
    subject = f"{asset_reference(move.asset)}@{move.name}"
    return [replace(each, subject=subject, unanswerable=unanswerable) for each in questions]


def _standing_document(unit: ScanWorkspace, move: AliasMove) -> tuple[dict[str, Any], str]:
    """The promotion that brought the version, put once more; or why there is none to judge."""
    promotion: Promotion | None = getattr(move.to_version, "promotion", None)
    if promotion is None:
        return {"schema": PROMOTION_SCHEMA}, NOT_PROMOTED
    try:
        proposal = Proposal(
            promotion=promotion.uuid,
            version=promotion.source_version,
            target=unit.workspace,
            alias=promotion.alias,
            reason=promotion.reason,
            closure=closure_of(promotion.source_version, actor=system()),
            requested_by=system(),
            reviewed_at=unit.scan.as_of,
        )
        return promotion_document(proposal), ""
    except InvalidInput as error:
        return {"schema": PROMOTION_SCHEMA}, error.detail


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
