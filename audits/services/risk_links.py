"""Say what risks are about, and what treats them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from audits.events import RiskLinked, RiskUnlinked
from audits.models import RiskLink
from audits.models.risk_link import THINGS
from audits.queries.frameworks import control as known_control
from audits.queries.risks import risk_by_uuid
from audits.queries.scope import finding_by_uuid
from audits.services.risks import require_triage
from core.errors import Conflict, DomainError, InvalidInput, NotFound
from core.journal import publish
from policies.queries.exemptions import visible_exemptions
from registry import access
from registry.queries.versions import asset_by_reference, asset_reference, reference_of, resolve

if TYPE_CHECKING:
    from audits.events import RiskLinkEvent
    from audits.models import RiskRevision
    from core.actors import Actor


def link(*, actor: Actor, risk: UUID, kind: str, target: str) -> RiskLink:
    """Link a risk to an asset or version by reference, a finding or exemption by public id, or a
    control as ``framework/control``.

    What a workspace's risk is linked to lies in that workspace. Needs what revising the risk
    does, and view on the target. Raises InvalidInput, AccessDenied, NotFound, or Conflict where
    it is linked already.
    """
    now = risk_by_uuid(actor, risk)
    require_triage(actor, now.risk)
    if actor.user is None:
        raise InvalidInput("The register needs a person or a service account.")
    leads = _target(actor, kind, target)
    place, own = leads.get("workspace"), now.risk.workspace
    if place is not None and own is not None and place != own:
        raise InvalidInput.of("target", f"must lie in {own.slug}, as the risk does")
    try:
        with transaction.atomic():
            made = RiskLink.objects.create(risk=now.risk, linked_by=actor.user, **leads)
            _publish(RiskLinked, made, now, actor=actor, reason="")
    except IntegrityError as error:
        raise Conflict("The risk is linked to it already.") from error
    return made


def unlink(*, actor: Actor, risk: UUID, link: UUID, reason: str = "") -> RiskLink:
    """Let a link count no more. Needs what revising the risk does; raises NotFound, AccessDenied,
    or Conflict for one that has ended."""
    now = risk_by_uuid(actor, risk)
    found = RiskLink.objects.filter(risk=now.risk, uuid=link).first()
    if found is None:
        raise NotFound
    require_triage(actor, now.risk)
    with transaction.atomic():
        held = RiskLink.objects.filter(pk=found.pk, valid_to__isnull=True)
        if not held.update(valid_to=timezone.now(), ended_by=actor.user):
            raise Conflict("The link has ended already.")
        found.refresh_from_db()
        _publish(RiskUnlinked, found, now, actor=actor, reason=reason)
    return found


def target_of(found: RiskLink) -> str:
    """Return what a link leads to, by its name."""
    if found.asset is not None:
        return str(asset_reference(found.asset))
    if found.version is not None:
        return str(reference_of(found.version))
    if found.finding is not None:
        return str(found.finding.uuid)
    if found.exemption is not None:
        return str(found.exemption.uuid)
    return f"{found.framework}/{found.control}"


def _target(actor: Actor, kind: str, target: str) -> dict[str, Any]:
    """Return the columns of a link to the target; raises InvalidInput."""
    if kind == "asset":
        asset = asset_by_reference(actor, target, field="target")
        return {"asset": asset, "workspace": asset.workspace}
    if kind == "version":
        version = resolve(actor, target, field="target")
        return {"version": version, "workspace": version.asset.workspace}
    if kind == "control":
        control = known_control(target)
        if control is None:
            raise InvalidInput.of("target", f"there is no control {target[:120]!r}")
        return {"framework": control.framework, "control": control.name}
    if kind not in THINGS:
        raise InvalidInput.of("kind", f"must be control, or one of {', '.join(THINGS)}")
    return _by_uuid(actor, kind, target)


def _by_uuid(actor: Actor, kind: str, target: str) -> dict[str, Any]:
    try:
        uuid = UUID(target)
    except ValueError as error:
        raise InvalidInput.of("target", f"a {kind} is named by its public id") from error
    denial = None
    if kind == "finding":
        try:
            finding = finding_by_uuid(actor, uuid)
        except DomainError as error:
            denial = error.denial
        else:
            return {"finding": finding, "workspace": finding.workspace}
    elif exemption := visible_exemptions(actor).filter(uuid=uuid).first():
        return {"exemption": exemption, "workspace": exemption.workspace}
    raise InvalidInput.of("target", f"there is no {kind} {uuid}", denial=denial)


def _publish(
    event: type[RiskLinkEvent],
    found: RiskLink,
    revision: RiskRevision,
    *,
    actor: Actor,
    reason: str,
) -> None:
    place = revision.risk.workspace
    publish(
        event(
            subject=f"risk/{revision.risk.uuid}",
            workspace=place.uuid if place else None,
            reason=reason,
            risk=str(revision.risk.uuid),
            link=str(found.uuid),
            kind=found.kind,
            target=target_of(found),
        ),
        actor=actor,
        roles=access.roles(actor, place.pk) if place else (),
    )
