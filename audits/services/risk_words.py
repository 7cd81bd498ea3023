"""What the register and the journal say of risks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audits.models.risk import SCORES
from core.journal import publish
from registry import access

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audits.events import RiskEvent
    from audits.models import RiskRevision
    from core.actors import Actor

TOLD = ("title", "description", "category", *SCORES, "treatment", "treatment_reason", "state")
LONG = 500


def told_of(revision: RiskRevision, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what the journal tells of a revision, or of it with ``changes``: long texts are
    cut there, and stand whole in the register."""
    said = changes or {}
    told: dict[str, Any] = {name: said.get(name, getattr(revision, name)) for name in TOLD}
    told["review_on"] = said.get("review_on", revision.review_on).isoformat()
    told["owner"] = str(said.get("owner", revision.owner).uuid)
    return told


def publish_risk(
    event: type[RiskEvent],
    revision: RiskRevision,
    *,
    actor: Actor,
    before: RiskRevision | None = None,
) -> None:
    """Journal what happened to a risk, with what differs from ``before``."""
    now = told_of(revision)
    was = told_of(before) if before else {}
    differs = [name for name in now if before and now[name] != was[name]]
    place, residual = revision.risk.workspace, revision.residual_likelihood
    publish(
        event(
            subject=f"risk/{revision.risk.uuid}",
            workspace=place.uuid if place else None,
            reason=revision.reason,
            before={name: _brief(was[name]) for name in differs},
            after={name: _brief(now[name]) for name in differs},
            risk=str(revision.risk.uuid),
            number=revision.number,
            title=revision.title,
            category=revision.category,
            state=revision.state,
            treatment=revision.treatment,
            inherent=[revision.inherent_likelihood, revision.inherent_impact],
            residual=[] if residual is None else [residual, revision.residual_impact or 0],
            owner=now["owner"],
            review_on=now["review_on"],
        ),
        actor=actor,
        roles=access.roles(actor, place.pk) if place else (),
    )


def _brief(value: Any) -> Any:
    return f"{value[:LONG]}…" if isinstance(value, str) and len(value) > LONG else value
