"""Everything in the database that the policies' answer on a promotion rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.canonical import canonical_digest, canonical_json, sha256
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
    from policies.models import Snapshot
    from policies.queries.assignments import Rule
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
    bound = _Bound(document_digest)
    told = {
        "questions": sorted(bound.of(question) for question in questions),
        "exemptions": [[str(row.uuid), rfc3339(row.expires_at)] for row in exemptions.rows],
    }
    binding = sha256(canonical_json(told))
    return Basis(tuple(questions), exemptions, binding)


class _Bound:
    """What of each question is bound; what many questions share is worked out once."""

    def __init__(self, document_digest: str) -> None:
        self._document_digest = document_digest
        self._rules: dict[int, list[Any]] = {}
        self._judged: dict[int, tuple[str, str]] = {}

    def of(self, question: Question) -> list[Any]:
        judged, provenance = self._snapshot(question.snapshot)
        is_promotion = question.kind == DocumentKind.PROMOTION
        attestation = question.attestation
        return [
            *self._rule(question.rule),
            question.subject,
            self._document_digest if is_promotion else judged,
            provenance,
            question.unanswerable,
            str(attestation.uuid) if attestation else "",
        ]

    def _rule(self, rule: Rule) -> list[Any]:
        known = self._rules.get(id(rule))
        if known is None:
            known = self._rules[id(rule)] = [
                *rule.key,
                str(rule.effect),
                str(rule.is_enforced),
                canonical_digest(rule.parameters),
                rule.policy_version.digest,
            ]
        return known

    def _snapshot(self, snapshot: Snapshot | None) -> tuple[str, str]:
        if snapshot is None:
            return "", ""
        known = self._judged.get(snapshot.pk)
        if known is None:
            known = self._judged[snapshot.pk] = snapshot.judged_digest, snapshot.provenance
        return known
