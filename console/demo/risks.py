"""What may go wrong with the assistant, and what is done about it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from audits.models import Risk
from audits.services import risk_links, risks
from core.preconditions import ANY_STATE

if TYPE_CHECKING:
    from core.actors import Actor

PLACE = "assist-prod"
NAMES = {
    "title": "Answers name customers who did not consent",
    "category": "privacy",
    "inherent_likelihood": 4,
    "inherent_impact": 4,
    "description": "Tickets hold names, and the assistant quotes tickets.",
}
SEEN: tuple[dict[str, Any], ...] = (
    {
        "title": "A ticket tells the assistant what to do",
        "category": "security",
        "inherent_likelihood": 4,
        "inherent_impact": 5,
        "description": "Instructions in a ticket are read like those of the prompt.",
    },
    {
        "title": "Answers promise refunds that nobody owes",
        "category": "compliance",
        "inherent_likelihood": 3,
        "inherent_impact": 4,
    },
    {
        "title": "Answers are worse in small languages",
        "category": "fairness",
        "inherent_likelihood": 4,
        "inherent_impact": 2,
    },
)
RETIRED = {
    "title": "The provider retires the base model",
    "category": "supply_chain",
    "inherent_likelihood": 3,
    "inherent_impact": 2,
    "treatment": "accept",
    "treatment_reason": "A replacement is evaluated each quarter.",
}


def keep_a_register(deployer: Actor, auditor: Actor) -> None:
    """Put risks of the assistant on the register, one treated and one accepted, unless it has
    some."""
    if Risk.objects.exists():
        return
    for said in SEEN:
        _put(deployer, said)
    treated = _put(deployer, NAMES)
    risks.revise(
        actor=auditor,
        risk=treated.uuid,
        changes={
            "treatment": "reduce",
            "treatment_reason": "Names are masked before a prompt is sent.",
            "residual_likelihood": 2,
            "residual_impact": 3,
            "state": "treated",
        },
        expected=ANY_STATE,
        reason="Masking works in production.",
    )
    for kind, target in (
        ("asset", f"{PLACE}/flow/support-bot"),
        ("control", "gdpr/art-25.1"),
    ):
        risk_links.link(actor=deployer, risk=treated.uuid, kind=kind, target=target)
    accepted = _put(deployer, RETIRED)
    risks.accept(
        actor=auditor, risk=accepted.uuid, expected=ANY_STATE, reason="It is small, and watched."
    )


def _put(actor: Actor, said: dict[str, Any]) -> Risk:
    review_on = timezone.now().date() + timedelta(days=90)
    terms = risks.RiskTerms(**said, review_on=review_on)
    return risks.create(actor=actor, terms=terms, workspace=PLACE).risk
