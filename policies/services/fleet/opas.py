"""Register OPAs of elsewhere, choose what they pull, and end them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.facts import end
from core.journal import publish
from core.models import User
from policies.events import OpaMasksChanged, OpaRegistered, OpaRetired, OpaSourcesChanged
from policies.models import Opa, OpaSource
from policies.models.fleet import MAX_OPA_NAME
from policies.queries.fleet import opa_by_uuid, visible_opas
from policies.queries.policies import policy_version_by_reference, set_version_by_reference
from policies.services.fleet.bundles import configuration, start_configuration
from registry import access
from registry.permissions import OPA_SCOPE, Permission
from registry.services import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")
LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,62}\Z")
MAX_LABELS, MAX_LABEL_VALUE, MAX_SOURCES = 32, 200, 100
MASK = re.compile(r"/(?:input|result)(?:/(?:[^~/]|~[01])*)*\Z")
MAX_MASKS, MAX_MASK = 100, 300
# OPA writes these itself, and refuses to have them changed.
OWN_LABELS = frozenset({"id", "version"})


@dataclass(frozen=True)
class Issued:
    """An OPA, and the text of its new token, which is shown this once."""

    opa: Opa
    token: str


def register(
    *,
    actor: Actor,
    name: str,
    workspace: str,
    labels: Mapping[str, str] | None = None,
    sources: Sequence[str] = (),
    masks: Sequence[str] = (),
    is_signed: bool = True,
    expires_at: datetime | None = None,
    reason: str = "",
) -> Issued:
    """Register an OPA with an account and a token of its own.

    ``sources`` are ``policy/<name>[/<number>]`` or ``set/<name>[/<number>]``; without any it pulls
    what is assigned in ``workspace`` (a slug). ``masks``: see `mask`. ``is_signed`` says whether
    the discovered configuration asks for signed bundles. Needs an administrator of the
    organisation. Raises InvalidInput, or Conflict for a name that is, or was, in use.
    """
    access.require_organisation_admin(actor, subject=f"opa/{name[:MAX_OPA_NAME]}")
    if len(name) > MAX_OPA_NAME or not NAME.match(name):
        rule = f"must be 1 to {MAX_OPA_NAME} lower-case letters, digits and hyphens between them"
        raise InvalidInput.of("name", rule)
    place = access.workspace_by_slug(actor, workspace, field="workspace")
    told, hidden = checked_labels(labels or {}), checked_masks(masks)
    chosen = _chosen(sources)
    try:
        with transaction.atomic():
            account = User(username=f"opa-{name}", kind=User.Kind.SERVICE)
            account.set_unusable_password()
            account.save()
            opa = Opa.objects.create(
                name=name,
                workspace=place,
                user=account,
                labels=told,
                masks=hidden,
                is_signed=is_signed,
                registered_by=actor.user,
            )
            _write_sources(opa, chosen)
            event = _registered(opa, chosen, reason=reason)
            publish(event, actor=actor, roles=access.roles(actor, place.pk))
            issued = _token(actor, account, expires_at=expires_at)
    except IntegrityError as error:
        raise Conflict(f"The name {name} is, or was, in use by an OPA or an account.") from error
    return Issued(visible_opas(actor).get(pk=opa.pk), issued)


def _registered(opa: Opa, chosen: Sequence[OpaSource], *, reason: str) -> OpaRegistered:
    return OpaRegistered(
        subject=f"opa/{opa.name}",
        workspace=opa.workspace.uuid,
        opa=str(opa.uuid),
        account=str(opa.user.uuid),
        labels=opa.labels,
        sources=[each.reference for each in chosen],
        masks=opa.masks,
        is_signed=opa.is_signed,
        reason=reason,
    )


def pull(*, actor: Actor, opa: UUID, sources: Sequence[str], reason: str = "") -> Opa:
    """Let an OPA pull ``sources`` from now on, in the place of what it pulled.

    Needs assign_policy in its workspace. Raises InvalidInput or Conflict.
    """
    found = opa_by_uuid(actor, opa, permission=Permission.ASSIGN_POLICY)
    chosen = _chosen(sources)
    with transaction.atomic():
        locked = Opa.objects.select_for_update().get(pk=found.pk)
        _require_alive(locked)
        held = OpaSource.objects.as_of(None).filter(opa=locked)
        before = [each.reference for each in found.pulled]  # type: ignore[attr-defined]
        end(held, at=timezone.now())
        _write_sources(locked, chosen)
        event = OpaSourcesChanged(
            subject=f"opa/{found.name}",
            workspace=found.workspace.uuid,
            opa=str(found.uuid),
            before={"sources": before},
            after={"sources": [each.reference for each in chosen]},
            reason=reason,
        )
        publish(event, actor=actor, roles=access.roles(actor, found.workspace_id))
    return visible_opas(actor).get(pk=found.pk)


def mask(*, actor: Actor, opa: UUID, masks: Sequence[str], reason: str = "") -> Opa:
    """Let an OPA take ``masks`` out of its decisions from now on, in the place of those before.

    Each is a JSON Pointer from ``/input`` or ``/result`` on, with ``*`` for any key or index; what
    looks like a secret it takes out anyway. Needs an administrator of the organisation. Raises
    InvalidInput or Conflict.
    """
    found = opa_by_uuid(actor, opa)
    access.require_organisation_admin(actor, subject=f"opa/{found.name}")
    hidden = checked_masks(masks)
    with transaction.atomic():
        locked = Opa.objects.select_for_update().get(pk=found.pk)
        _require_alive(locked)
        Opa.objects.filter(pk=locked.pk).update(masks=hidden)
        event = OpaMasksChanged(
            subject=f"opa/{found.name}",
            workspace=found.workspace.uuid,
            opa=str(found.uuid),
            before={"masks": locked.masks},
            after={"masks": hidden},
            reason=reason,
        )
        publish(event, actor=actor, roles=access.roles(actor, found.workspace_id))
    return visible_opas(actor).get(pk=found.pk)


def retire(*, actor: Actor, opa: UUID, reason: str = "") -> Opa:
    """Close an OPA's account: none of its tokens opens anything any more.

    What it told stays. Needs an administrator of the organisation. Raises Conflict.
    """
    found = opa_by_uuid(actor, opa)
    access.require_organisation_admin(actor, subject=f"opa/{found.name}")
    with transaction.atomic():
        locked = Opa.objects.select_for_update().get(pk=found.pk)
        _require_alive(locked)
        now = timezone.now()
        Opa.objects.filter(pk=locked.pk).update(retired_at=now, retired_by=actor.user)
        User.objects.filter(pk=locked.user_id).update(is_active=False)
        event = OpaRetired(
            subject=f"opa/{found.name}",
            workspace=found.workspace.uuid,
            opa=str(found.uuid),
            reason=reason,
        )
        publish(event, actor=actor, roles=access.roles(actor, found.workspace_id))
    return visible_opas(actor).get(pk=found.pk)


def issue_token(*, actor: Actor, opa: UUID, expires_at: datetime | None = None) -> Issued:
    """Issue one more token of an OPA; the others stay until they are revoked.

    Needs an administrator of the organisation. Raises InvalidInput or Conflict.
    """
    found = opa_by_uuid(actor, opa)
    access.require_organisation_admin(actor, subject=f"opa/{found.name}")
    _require_alive(found)
    return Issued(found, _token(actor, found.user, expires_at=expires_at))


def checked_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Return labels that an OPA takes; raises InvalidInput."""
    if len(labels) > MAX_LABELS:
        raise InvalidInput.of("labels", f"at most {MAX_LABELS} are taken")
    for name, value in labels.items():
        if not LABEL.match(name) or name in OWN_LABELS:
            reason = f"{name[:63]!r} is no name of a label, or one that OPA gives itself"
            raise InvalidInput.of("labels", reason)
        if len(value) > MAX_LABEL_VALUE or not value.isprintable():
            reason = f"must be printable text of at most {MAX_LABEL_VALUE} characters"
            raise InvalidInput.of(f"labels.{name}", reason)
    return dict(sorted(labels.items()))


def checked_masks(masks: Sequence[str]) -> list[str]:
    """Return places in a decision, each once; raises InvalidInput."""
    if len(masks) > MAX_MASKS:
        raise InvalidInput.of("masks", f"at most {MAX_MASKS} are taken")
    for index, mask in enumerate(masks):
        if len(mask) > MAX_MASK or not mask.isprintable() or not MASK.match(mask):
            reason = (
                f"must be a JSON Pointer from /input or /result on, up to {MAX_MASK} characters"
            )
            raise InvalidInput.of(f"masks[{index}]", reason)
    return sorted(set(masks))


def _token(actor: Actor, account: User, *, expires_at: datetime | None) -> str:
    issued = tokens.issue(
        actor=actor, user=account, label="OPA", scopes=[OPA_SCOPE], expires_at=expires_at
    )
    return issued.text


def _chosen(sources: Sequence[str]) -> list[OpaSource]:
    """Return unsaved sources; raises InvalidInput for an unknown one, and for two versions of one
    policy by name."""
    if len(sources) > MAX_SOURCES:
        raise InvalidInput.of("sources", f"at most {MAX_SOURCES} are taken")
    found: list[OpaSource] = []
    for index, source in enumerate(sources):
        field = f"sources[{index}]"
        kind, _, reference = source.partition("/")
        if kind == "policy":
            version = policy_version_by_reference(reference, field=field)
            found.append(OpaSource(policy_version=version))
        elif kind == "set":
            found.append(OpaSource(set_version=set_version_by_reference(reference, field=field)))
        else:
            reason = "must be policy/<name>[/<number>] or set/<name>[/<number>]"
            raise InvalidInput.of(field, reason)
    references = [each.reference for each in found]
    if twice := sorted({each for each in references if references.count(each) > 1}):
        raise InvalidInput.of("sources", f"{twice[0]} stands twice")
    return found


def _write_sources(opa: Opa, chosen: Sequence[OpaSource]) -> None:
    now = timezone.now()
    for each in chosen:
        each.opa, each.valid_from = opa, now
    OpaSource.objects.bulk_create(chosen)


def _require_alive(opa: Opa) -> None:
    if opa.retired_at is not None:
        raise Conflict(f"{opa.name} has been retired.")


def configuration_of(*, actor: Actor, opa: UUID) -> dict[str, Any]:
    """Return what a person starts an OPA with, and what it discovers; needs to see the OPA."""
    found = opa_by_uuid(actor, opa)
    return {"start": start_configuration(found), "discovered": configuration(found)}
