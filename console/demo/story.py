"""The demo's promotions: one succeeded, one was refused, one waits for approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.models import Promotion
from registry.queries.versions import reference_of
from registry.services.promotions import decide, request

if TYPE_CHECKING:
    from console.demo.content import Content
    from console.demo.people import People
    from core.actors import Actor
    from registry.models import AssetVersion

PRODUCTION = "assist-prod"
ALIAS = "production"


def promote_everything(people: People, content: Content) -> None:
    """Tell the story as far as it has not been told yet."""
    deployer = people["deployer"]
    _promotion(
        deployer,
        content.first,
        "assist-staging",
        alias="staging",
        reason="Try it with the team for a week.",
    )
    first = _promotion(
        deployer,
        content.first,
        PRODUCTION,
        alias=ALIAS,
        reason="A week in staging without a wrong answer; the support team asks for it.",
    )
    if first.status == Promotion.Status.AWAITING_APPROVAL:
        decide.decide(
            actor=people["approver"],
            promotion=first.uuid,
            decision="approved",
            comment="Evaluation read, eight answers checked by hand. Go.",
            binding=first.binding,
        )
    _promotion(
        deployer,
        content.unlicensed,
        PRODUCTION,
        alias=ALIAS,
        reason="Longer answers were asked for by two customers.",
    )
    _promotion(
        deployer,
        content.improved,
        PRODUCTION,
        alias=ALIAS,
        reason="Names the page to click on; groundedness rose from 4.1 to 4.4.",
    )


def _promotion(
    actor: Actor, version: AssetVersion, target: str, *, alias: str, reason: str
) -> Promotion:
    made = Promotion.objects.filter(source_version=version, target__slug=target).order_by("-id")
    return made.first() or request.promote(
        actor=actor, source=str(reference_of(version)), target=target, alias=alias, reason=reason
    )
