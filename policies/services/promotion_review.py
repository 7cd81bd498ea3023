"""What the policies of a workspace say about a promotion into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.queries.basis import basis_of
from policies.services.evaluation import Assessment, assess

if TYPE_CHECKING:
    from registry.gates.base import Proposal


@dataclass(frozen=True)
class PromotionReview:
    """Every assessment, and the digest of everything that would change one."""

    assessments: tuple[Assessment, ...]
    binding: str


def review_promotion(proposal: Proposal) -> PromotionReview:
    """Evaluate every policy in force in the target: those on promotions for the version, those
    on configurations for what is known of the target. Call it outside of any transaction."""
    basis = basis_of(proposal)
    assessments = assess(
        basis.questions,
        exemptions=basis.exemptions,
        actor=proposal.requested_by,
        now=proposal.reviewed_at,
    )
    return PromotionReview(tuple(assessments), basis.binding)


def current_binding(proposal: Proposal) -> str:
    """Return the binding that a review would have now; reads the database only."""
    return basis_of(proposal).binding
