"""Who stands behind an ``Authorization`` header, at the cost of one small query when known.

A process remembers whom a credential belongs to under the access epoch, which database triggers
count up whenever a token ends, an account's password, state or rights change. So no request that
starts after such a change is served by what was remembered. What is remembered is found by a keyed
digest of the header; the header itself is not kept.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from django.contrib.auth import authenticate as check_password
from django.db import connection
from django.utils import timezone

from core.actors import Actor, Via
from core.errors import AuthenticationRequired
from core.models import User
from registry.effective_access import current_epoch
from registry.services import tokens

if TYPE_CHECKING:
    from collections.abc import Callable

# A token is looked up afresh at least this often, which also records that it is in use.
TOKEN_IS_KNOWN_FOR = tokens.USE_IS_RECORDED_EVERY
# Checking a password is made slow on purpose; clients of the basic scheme send it every time.
PASSWORD_IS_KNOWN_FOR = timedelta(minutes=5)
MAX_KNOWN = 10_000
MAX_HEADER = 4_096
NEEDED = "Authentication is required: a token as Bearer, or as the password of the basic scheme."
WRONG = "The user name or password is wrong."


@dataclass(frozen=True)
class _Known:
    actor: Actor
    epoch: int
    until: datetime


_PROCESS_KEY = secrets.token_bytes(32)
_known: OrderedDict[bytes, _Known] = OrderedDict()
_known_lock = Lock()
# One password is checked at a time: guessing costs one processor, not all of them.
_password_lock = Lock()


def caller(authorization: str, *, request_id: str = "") -> Actor:
    """Return the actor behind the value of an ``Authorization`` header.

    ``Bearer`` with a token; ``Basic`` with a token as password and any user name, or with an
    account's name and password. Raises AuthenticationRequired.
    """
    if not authorization or len(authorization) > MAX_HEADER:
        raise AuthenticationRequired(NEEDED)
    epoch = current_epoch()
    key = hashlib.blake2b(authorization.encode(), key=_PROCESS_KEY, digest_size=32).digest()
    now = timezone.now()
    with _known_lock:
        known = _known.get(key)
    if known is None or known.epoch != epoch or known.until <= now:
        actor, ends_at = _checked(authorization)
        known = _Known(actor, epoch, ends_at)
        # What is read inside a transaction may rest on rows that roll back.
        if not connection.in_atomic_block:
            _remember(key, known)
    return replace(known.actor, request_id=request_id, access_epoch=epoch)


def _remember(key: bytes, known: _Known) -> None:
    with _known_lock:
        _known[key] = known
        _known.move_to_end(key)
        if len(_known) > MAX_KNOWN:
            _known.popitem(last=False)


def _checked(authorization: str) -> tuple[Actor, datetime]:
    scheme, _, credential = authorization.partition(" ")
    check = _SCHEMES.get(scheme.lower())
    if check is None:
        raise AuthenticationRequired(NEEDED)
    return check(credential.strip())


def _bearer(credential: str) -> tuple[Actor, datetime]:
    holder = tokens.holder_of(credential)
    until = timezone.now() + TOKEN_IS_KNOWN_FOR
    return holder.actor, min(until, holder.expires_at or until)


def _basic(credential: str) -> tuple[Actor, datetime]:
    try:
        decoded = base64.b64decode(credential, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise AuthenticationRequired(WRONG) from None
    username, _, password = decoded.partition(":")
    if tokens.FORM.match(password):
        return _bearer(password)
    with _password_lock:
        user = None if "\x00" in decoded else check_password(username=username, password=password)
    if not isinstance(user, User):
        raise AuthenticationRequired(WRONG)
    return Actor(user=user, via=Via.PASSWORD), timezone.now() + PASSWORD_IS_KNOWN_FOR


_SCHEMES: dict[str, Callable[[str], tuple[Actor, datetime]]] = {
    "bearer": _bearer,
    "basic": _basic,
}
