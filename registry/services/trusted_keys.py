"""Say whose signatures a workspace trusts: of models, and of bundles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput, NotFound
from core.facts import end
from core.journal import publish
from registry import access
from registry.bundles import signing
from registry.events import KeyDistrusted, KeyTrusted
from registry.models import TrustedKey
from registry.permissions import Permission
from registry.queries.signatures import visible_keys
from registry.services import signatures
from registry.signing.bundles import NotAKey, read_key

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor

MAX_NAME = 200


def trust(*, actor: Actor, workspace: str, name: str, pem: str, reason: str = "") -> TrustedKey:
    """Let a workspace trust signatures by the holder of a public key, from now on.

    Needs change_workspace. Signatures that wait for such a key are verified again. Raises
    InvalidInput, AccessDenied, or Conflict for a key or a name that is trusted already.
    """
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.CHANGE_WORKSPACE, field="workspace"
    )
    if actor.user is None:
        raise InvalidInput("Only a user can say whom a workspace trusts.")
    if not name.strip() or len(name) > MAX_NAME:
        raise InvalidInput.of("name", f"must have 1 to {MAX_NAME} characters")
    normal, fingerprint = _read(pem)
    try:
        with transaction.atomic():
            trusted = TrustedKey.objects.create(
                workspace=place,
                name=name,
                fingerprint=fingerprint,
                pem=normal,
                set_by=actor.user,
            )
            publish(_event(KeyTrusted, trusted, reason), actor=actor, roles=_roles(actor, trusted))
            signatures.verify_again(place, actor=actor)
    except IntegrityError:
        raise Conflict("The workspace trusts this key, or another of this name, already.") from None
    return trusted


def _read(pem: str) -> tuple[str, str]:
    """Return PEM and fingerprint of a key that signs models, or, if it is Ed25519, bundles."""
    try:
        key = read_key(pem)
    except NotAKey as error:
        try:
            return signing.normal_pem(pem), signing.fingerprint(pem)
        except signing.BadSignature:
            raise InvalidInput.of("pem", f"{error}, and only Ed25519 keys bundles") from error
    return key.pem, key.fingerprint


def distrust(*, actor: Actor, key: UUID, reason: str = "") -> TrustedKey:
    """End a trust: what the key signed does not count as signed any more.

    Needs change_workspace. Raises NotFound, AccessDenied, or Conflict where it ended before.
    """
    trusted = visible_keys(actor).filter(uuid=key).first()
    if trusted is None:
        raise NotFound(denial=signatures.denial_of_key(key))
    access.require(actor, Permission.CHANGE_WORKSPACE, trusted.workspace)
    with transaction.atomic():
        if not end(TrustedKey.objects.filter(pk=trusted.pk), at=timezone.now()):
            raise Conflict("The trust in this key ended before.")
        publish(_event(KeyDistrusted, trusted, reason), actor=actor, roles=_roles(actor, trusted))
    trusted.refresh_from_db()
    return trusted


def _roles(actor: Actor, key: TrustedKey) -> frozenset[str]:
    return access.roles(actor, key.workspace_id)


def _event(
    event: type[KeyTrusted | KeyDistrusted], key: TrustedKey, reason: str
) -> KeyTrusted | KeyDistrusted:
    return event(
        subject=f"trusted-key/{key.uuid}",
        workspace=key.workspace.uuid,
        reason=reason,
        name=key.name,
        fingerprint=key.fingerprint,
    )
