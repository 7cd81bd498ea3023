"""What the register and the journal say of risks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audits.models.risk import SCORES
from core.errors import InvalidInput
from core.journal import publish
from core.models import User
from registry import access
from registry.queries.people import visible_user

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audits.events import RiskEvent
    from audits.models import RiskRevision
    from core.actors import Actor
    from registry.models import Workspace

TOLD = ("title", "description", "category", *SCORES, "treatment", "treatment_reason", "state")
LONG = 500


def checked_owner(username: str, place: Workspace | None, *, default: User) -> User:
    """Return who answers for a risk: somebody who sees its workspace, or any account in use for
    the organisation; raises InvalidInput."""
    if not username:
        return default
    if place is not None:
        return visible_user(username, place.pk, field="owner")
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise InvalidInput.of("owner", f"there is no account {username[:80]!r}")
    return found


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
