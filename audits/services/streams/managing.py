"""Make streams, change them, pause them, delete them; administrators of the organisation do."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from audits.events import StreamChanged, StreamCreated, StreamDeleted
from audits.models import Stream
from audits.services.streams import matching
from audits.services.streams.addresses import Transport
from audits.services.streams.checking import checked_fields, require_known
from audits.services.streams.sending import DELIVERIES, secrets_of
from core.errors import Conflict, InvalidInput, NotFound
from core.journal import publish
from core.sealing import CannotUnseal, seal
from registry import access
from registry.services.webhooks import signing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from audits.events import StreamEvent
    from core.actors import Actor

MAX_STREAMS = 50


@dataclass(frozen=True)
class Keyed:
    """A stream, with the text of a key that was just made and is shown this once, or nothing."""

    stream: Stream
    secret: str


def create(*, actor: Actor, start: int | None = None, **given: Any) -> Keyed:
    """Tell a system outside of journal entries: of those from now on, or from the place ``start``.

    ``given`` are the fields that `checking` knows. Bodies over HTTP are signed with a key that is
    answered this once. Raises InvalidInput for what makes no sense, Conflict for a name in use.
    """
    access.require_organisation_admin(actor, subject="stream")
    require_known(given)
    checked = checked_fields(given)
    if start is not None and not 0 <= start <= matching.head() + 1:
        raise InvalidInput.of(
            "start", f"must be a place in the journal: 0 to {matching.head() + 1}"
        )
    text = signing.new_secret() if checked["transport"] == Transport.HTTP else b""
    with transaction.atomic():
        if Stream.objects.exclude(state=Stream.State.DELETED).count() >= MAX_STREAMS:
            raise Conflict(f"There are at most {MAX_STREAMS} streams; delete one first.")
        stream = Stream(
            **checked,
            sealed=_sealed(given.get("headers", {}), text),
            cursor=matching.head() if start is None else start - 1,
            created_by=actor.user,
        )
        _store(stream)
        _publish(StreamCreated, stream, actor=actor, after=settings_of(stream))
        DELIVERIES.wake([str(stream.uuid)])
    return Keyed(stream, signing.as_text(text) if text else "")


def change(*, actor: Actor, stream: UUID, changes: Mapping[str, Any], reason: str = "") -> Keyed:
    """Change fields that `checking` knows; ``new_secret`` makes another key, which counts at once.
    What waits goes out the new way, without a pause."""
    require_known(changes)
    managed(actor, stream)
    with transaction.atomic():
        locked = _locked(stream)
        before = settings_of(locked)
        checked = checked_fields(changes, of=locked)
        for name, value in checked.items():
            setattr(locked, name, value)
        secret = _change_secrets(locked, changes)
        locked.next_try_at = None
        _store(locked)
        _publish(
            StreamChanged,
            locked,
            actor=actor,
            before=before,
            after=settings_of(locked) | _changed_secrets(changes),
            reason=reason,
        )
        DELIVERIES.wake([str(locked.uuid)], at_once=True)
    return Keyed(locked, signing.as_text(secret) if secret else "")


def switch(*, actor: Actor, stream: UUID, active: bool, reason: str = "") -> Stream:
    """Pause a stream, or let it go on from where it stopped: nothing is left out."""
    managed(actor, stream)
    states = Stream.State
    with transaction.atomic():
        locked = _locked(stream)
        before = locked.state
        if (before == states.ACTIVE) is active:
            raise Conflict(f"The stream is {before} already.")
        locked.state = states.ACTIVE if active else states.PAUSED
        locked.attempts, locked.failing_since, locked.next_try_at = 0, None, None
        locked.save()
        _publish(
            StreamChanged,
            locked,
            actor=actor,
            before={"state": str(before)},
            after={"state": str(locked.state)},
            reason=reason,
        )
        DELIVERIES.wake([str(locked.uuid)], at_once=True)
    return locked


def delete(*, actor: Actor, stream: UUID, reason: str = "") -> None:
    """Delete a stream with its secrets; its row stays, and its name is free."""
    managed(actor, stream)
    with transaction.atomic():
        locked = _locked(stream)
        locked.state, locked.sealed = Stream.State.DELETED, b""
        locked.save()
        _publish(StreamDeleted, locked, actor=actor, reason=reason)


def managed(actor: Actor, uuid: UUID) -> Stream:
    """Return the stream, for an administrator of the organisation; raises NotFound."""
    access.require_organisation_admin(actor, subject=f"stream/{uuid}")
    found = Stream.objects.exclude(state=Stream.State.DELETED).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def settings_of(stream: Stream) -> dict[str, Any]:
    """Return what may be journalled of a stream's settings: no address, and no secret."""
    names = ("name", "transport", "format", "batch", "with_names")
    filters = ("workspaces", "actions", "outcomes")
    told = {name: getattr(stream, name) for name in names}
    return told | {name: list(getattr(stream, name)) for name in filters}


def _locked(uuid: UUID) -> Stream:
    locked = Stream.objects.select_for_update(no_key=True).get(uuid=uuid)
    if locked.state == Stream.State.DELETED:
        raise NotFound
    return locked


def _store(stream: Stream) -> None:
    try:
        with transaction.atomic():
            stream.save()
    except IntegrityError:
        raise Conflict(f"There is a stream called {stream.name!r} already.") from None


def _change_secrets(stream: Stream, changes: Mapping[str, Any]) -> bytes:
    """Seal what is new of the secrets; return the key where it is."""
    wants_key = bool(changes.get("new_secret"))
    if wants_key and stream.transport != Transport.HTTP:
        raise InvalidInput.of("new_secret", "is for streams over HTTP only")
    if not wants_key and "headers" not in changes:
        return b""
    try:
        headers, secret = secrets_of(stream)
    except CannotUnseal:
        headers, secret = {}, b""
        wants_key = wants_key or stream.transport == Transport.HTTP
    made = signing.new_secret() if wants_key else b""
    stream.sealed = _sealed(changes.get("headers", headers), made or secret)
    return made


def _changed_secrets(changes: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if "headers" in changes:
        told["headers"] = sorted(changes["headers"])
    if changes.get("new_secret"):
        told["new_secret"] = True
    return told


def _sealed(headers: Mapping[str, str], secret: bytes) -> bytes:
    return seal(json.dumps({"headers": dict(headers), "secret": secret.hex()}).encode())


def _publish(event: type[StreamEvent], stream: Stream, *, actor: Actor, **fields: Any) -> None:
    publish(event(**event_fields(stream), **fields), actor=actor)


def event_fields(stream: Stream) -> dict[str, Any]:
    """Return what every event of a stream says."""
    return {
        "subject": f"stream/{stream.uuid}",
        "stream": str(stream.uuid),
        "host": place_name(stream.address),
    }


def place_name(address: str) -> str:
    """Return the host of an address, or the name of its file; what the settings no longer allow
    has one, too."""
    rest = address.partition("://")[2]
    return re.split(r"[/?]", rest, maxsplit=1)[0]
