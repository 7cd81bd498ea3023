"""Everything in the database that the policies' answer on a promotion rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.canonical import canonical_digest
from policies.documents import promotion_document, rfc3339
from policies.models import DocumentKind
from policies.queries.assignments import rules_by_workspace
from policies.queries.configurations import configurations_by_workspace
from policies.queries.exemptions import Exemptions, exemptions_in_force
from policies.queries.questions import (
    Question,
    configuration_questions,
    judges_promotion,
    promotion_questions,
)

if TYPE_CHECKING:
    from registry.gates.base import Proposal


@dataclass(frozen=True)
class Basis:
    """The questions to ask, the exemptions that count, and a digest of both.

    ``binding`` changes with every rule, effect, parameter, policy text, configuration, exemption,
    attestation, evaluation and ancestor that plays a part. It does not change when a configuration
    is observed again as it was.
    """

    questions: tuple[Question, ...]
    exemptions: Exemptions
    binding: str


def basis_of(proposal: Proposal) -> Basis:
    """Return the basis as it is now; reads the database only."""
    target, version = proposal.target, proposal.version
    rules = rules_by_workspace([target])[target.pk]
    questions = configuration_questions(
        target, rules, configurations_by_workspace([target])[target.pk] if rules else []
    )
    document_digest = ""
    if any(judges_promotion(rule, version.asset.kind) for rule in rules):
        document = promotion_document(proposal)
        document_digest = canonical_digest(document)
        questions += promotion_questions(target, rules, version=version, document=document)
    exemptions = exemptions_in_force([target]) if rules else Exemptions(())
    binding = canonical_digest(
        {
            "questions": sorted(_bound(question, document_digest) for question in questions),
            "exemptions": [[str(row.uuid), rfc3339(row.expires_at)] for row in exemptions.rows],
        }
    )
    return Basis(tuple(questions), exemptions, binding)


def _bound(question: Question, document_digest: str) -> list[Any]:
    rule = question.rule
    is_promotion = question.kind == DocumentKind.PROMOTION
    judged = question.snapshot.judged_digest if question.snapshot else ""
    provenance = question.snapshot.provenance if question.snapshot else ""
    return [
        *rule.key,
        str(rule.effect),
        str(rule.is_enforced),
        canonical_digest(rule.parameters),
        rule.policy_version.digest,
        question.subject,
        document_digest if is_promotion else judged,
        provenance,
        question.unanswerable,
        str(question.attestation.uuid) if question.attestation else "",
    ]
