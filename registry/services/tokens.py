"""Issue and revoke API tokens, and find out who holds one.

A token is ``mun_<prefix>_<secret>``: the prefix finds the row and makes leaked tokens findable by
secret scanners; the secret has 256 random bits, so a plain SHA-256 of it is enough to store.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone

from core.actors import Actor, Via
from core.canonical import sha256
from core.errors import (
    AccessDenied,
    AuthenticationRequired,
    Conflict,
    Denial,
    InvalidInput,
    NotFound,
)
from core.journal import publish
from core.statements import Parameter, Statement
from registry import access
from registry.events import TokenIssued, TokenRevoked
from registry.models import AccessEpoch, Token
from registry.permissions import SCOPE_NAMES
from registry.queries.tokens import own_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from core.models import User
    from registry.models import Workspace

SCHEME = "mun"
FORM = re.compile(rf"{SCHEME}_(?P<prefix>[0-9a-f]{{12}})_(?P<secret>[A-Za-z0-9_-]{{43}})\Z")
UNKNOWN = "The token is not known, has ended, or was revoked."
USE_IS_RECORDED_EVERY = timedelta(minutes=1)
STANDING_TOKEN = Statement(
    lambda: (
        Token.objects.select_related("user")
        .annotate(epoch=Subquery(AccessEpoch.objects.filter(pk=1).values("epoch")))
        .filter(prefix=Parameter("prefix"), revoked_at=None, user__is_active=True)
    )
)


@dataclass(frozen=True)
class IssuedToken:
    """A new token: the row, and the text that is shown this once."""

    token: Token
    text: str


@dataclass(frozen=True)
class Holder:
    """Who holds a token, and when the token ends (None: it does not)."""

    actor: Actor
    expires_at: datetime | None


def issue(
    *,
    actor: Actor,
    user: User,
    label: str = "",
    expires_at: datetime | None = None,
    workspaces: Sequence[str] | None = None,
    scopes: Sequence[str] | None = None,
) -> IssuedToken:
    """Issue a token of ``user``; people do so for themselves, administrators for everyone.

    ``workspaces`` (slugs) and ``scopes`` (names of permissions) narrow what the user's grants
    give. A token issues none that could do more, or live longer, than itself. Raises InvalidInput
    for an unknown scope or workspace or a wrong expiry, AccessDenied for what is not the actor's.
    """
    _require_right(actor, user)
    if unknown := sorted(set(scopes or ()) - SCOPE_NAMES):
        raise InvalidInput.of("scopes", f"{unknown[0]!r} is no permission and no door")
    _check_expiry(actor, expires_at)
    places = None
    if workspaces is not None:
        places = [access.workspace_by_slug(actor, slug, field="workspaces") for slug in workspaces]
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    with transaction.atomic():
        token = Token.objects.create(
            user=user,
            prefix=prefix,
            secret_digest=sha256(secret.encode()),
            label=label,
            scopes=sorted(set(scopes)) if scopes is not None else None,
            is_limited_to_workspaces=places is not None,
            expires_at=expires_at,
        )
        token.workspaces.set(places or [])
        publish(_issued(token, places), actor=actor)
    return IssuedToken(token, f"{SCHEME}_{prefix}_{secret}")


def _require_right(actor: Actor, user: User) -> None:
    if actor.user != user:
        access.require_organisation_admin(actor, subject=f"tokens of {user.uuid}")
    elif actor.is_narrowed:
        denial = Denial("issue_token", f"tokens of {user.uuid}", None)
        raise AccessDenied("A narrowed token cannot issue another token.", denial=denial)


def _check_expiry(actor: Actor, expires_at: datetime | None) -> None:
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidInput.of("expires_at", "lies in the past")
    if actor.via is not Via.TOKEN:
        return
    limit = Token.objects.values_list("expires_at", flat=True).get(prefix=actor.credential)
    if limit is not None and (expires_at is None or expires_at > limit):
        reason = f"must not be after {limit.isoformat()}, when the token that asks for it ends"
        raise InvalidInput.of("expires_at", reason)


def _issued(token: Token, workspaces: Sequence[Workspace] | None) -> TokenIssued:
    slugs = None if workspaces is None else sorted(place.slug for place in workspaces)
    return TokenIssued(
        subject=f"token/{token.prefix}",
        holder=str(token.user.uuid),
        scopes=token.scopes,
        workspaces=slugs,
        expires_at=token.expires_at.isoformat() if token.expires_at else None,
    )


def revoke(*, actor: Actor, token_uuid: UUID) -> Token:
    """End a token now; its holder may, and administrators of the organisation. A narrowed token
    ends itself alone: to it the holder's others are missing, like those of anybody else."""
    token = Token.objects.select_related("user").filter(uuid=token_uuid).first()
    if token is None:
        raise NotFound
    is_own = own_tokens(actor).filter(pk=token.pk).exists()
    if not is_own and not access.administers_organisation(actor):
        raise NotFound(denial=Denial("organisation_admin", f"token/{token.prefix}", None))
    with transaction.atomic():
        now = timezone.now()
        if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            raise Conflict("The token has been revoked already.")
        revoked = TokenRevoked(subject=f"token/{token.prefix}", holder=str(token.user.uuid))
        publish(revoked, actor=actor)
    token.refresh_from_db()
    return token


def authenticate(text: str, *, request_id: str = "") -> Actor:
    """Return the actor behind a token, in one query (two for a token narrowed to workspaces).

    Raises AuthenticationRequired, with one message whatever was wrong.
    """
    return holder_of(text, request_id=request_id).actor


def holder_of(text: str, *, request_id: str = "") -> Holder:
    """Return the actor behind a token and when the token ends; raises as ``authenticate``."""
    now = timezone.now()
    match = FORM.match(text)
    token = _find(match["prefix"]) if match else None
    if match is None or token is None:
        raise AuthenticationRequired(UNKNOWN)
    if not hmac.compare_digest(sha256(match["secret"].encode()), token.secret_digest):
        raise AuthenticationRequired(UNKNOWN)
    if token.expires_at is not None and token.expires_at <= now:
        raise AuthenticationRequired(UNKNOWN)
    _record_use(token, now)
    actor = Actor(
        user=token.user,
        via=Via.TOKEN,
        credential=token.prefix,
        workspaces=_workspace_ids(token),
        scopes=frozenset(token.scopes) if token.scopes is not None else None,
        request_id=request_id,
        access_epoch=token.epoch,
    )
    return Holder(actor, token.expires_at)


def _find(prefix: str) -> Any:
    """Return the token with its user and the epoch of all grants, in one query."""
    return STANDING_TOKEN.first(prefix=prefix)


def _workspace_ids(token: Token) -> frozenset[int] | None:
    if not token.is_limited_to_workspaces:
        return None
    return frozenset(token.workspaces.values_list("pk", flat=True))


def _record_use(token: Token, now: datetime) -> None:
    if token.last_used_at is None or now - token.last_used_at > USE_IS_RECORDED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
