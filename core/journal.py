"""Write to the journal, and read what was written."""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from core import idempotency, receipts
from core.canonical import journal_bytes, sha256
from core.ids import new_uuid
from core.models import JournalEntry, JournalPending, PersonalDatum
from core.statements import Parameter, Statement, insert_all, insert_missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.actors import Actor
    from core.events import Event
    from core.models import User

SCHEMA_VERSION = 1
BATCH = 500
KNOWN_COMMITMENT = Statement(
    lambda: PersonalDatum.objects.filter(
        user=Parameter("user"), value=Parameter("value")
    ).values_list("commitment", flat=True)
)


class NotInTransaction(RuntimeError):
    """``publish`` was called where the entry could outlive, or miss, the change it records."""


@dataclass(frozen=True)
class SequencedEntry:
    """A journal entry as consumers see it: its place, and its decoded body."""

    seq: int
    id: int
    uuid: UUID
    action: str
    occurred_at: datetime
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        """Return the event's own fields."""
        data: dict[str, Any] = self.body["data"]
        return data


@dataclass(frozen=True)
class Columns:
    """What the columns of an entry repeat of its body for queries. Only the body is ever hashed:
    what people are shown is taken from there."""

    uuid: UUID
    occurred_at: datetime
    action: str
    outcome: str
    actor: UUID | None
    actor_kind: str
    via: str
    workspace: UUID | None
    subject: str
    subject_digest: str
    request_id: str


def publish(event: Event, *, actor: Actor, roles: Iterable[str] = ()) -> JournalEntry:
    """Record ``event`` in the current transaction and return the entry.

    ``roles`` are those that the actor held in the event's workspace at this moment. Raises
    NotInTransaction outside a transaction, ValueError for a payload outside schema v1, and
    AlreadyClaimed when the actor's idempotency key has had its effect.
    """
    return publish_many([event], actor=actor, roles=roles)[0]


def publish_many(
    events: Sequence[Event], *, actor: Actor, roles: Iterable[str] = ()
) -> list[JournalEntry]:
    """Record several events as ``publish`` does each, in this order, with few queries."""
    if not connection.in_atomic_block:
        actions = ", ".join(sorted({event.action for event in events}))
        raise NotInTransaction(f"{actions} needs the transaction of the change it records")
    acting = _acting(actor, roles)
    entries = insert_all(
        [_entry(event, actor=actor, acting=acting) for event in events], batch_size=BATCH
    )
    insert_all([JournalPending(entry=entry) for entry in entries], batch_size=BATCH)
    receipts.collect(entries)
    if actor.claim is not None and actor.user is not None and entries:
        idempotency.take(actor.claim, entry=entries[0], user=actor.user)
    return entries


def _entry(event: Event, *, actor: Actor, acting: dict[str, Any]) -> JournalEntry:
    """Return the unsaved entry of ``event``."""
    entry_uuid, now = new_uuid(), timezone.now()
    body = journal_bytes(
        {
            "v": SCHEMA_VERSION,
            "uuid": str(entry_uuid),
            "ts": now.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "instance": settings.INSTANCE,
            "action": event.action,
            "outcome": event.outcome,
            "actor": acting,
            "workspace": str(event.workspace) if event.workspace else None,
            "subject": {"ref": event.subject, "digest": event.digest or None},
            "before": event.before,
            "after": event.after,
            "reason": event.reason,
            "request_id": actor.request_id,
            "data": event.data(),
        }
    )
    return JournalEntry(
        uuid=entry_uuid,
        occurred_at=now,
        action=event.action,
        outcome=event.outcome,
        actor=actor.uuid,
        actor_kind=actor.kind,
        via=actor.via.value,
        workspace=event.workspace,
        subject=event.subject,
        subject_digest=event.digest,
        request_id=actor.request_id,
        body=body,
        mac=message_authentication_code(body),
    )


def _acting(actor: Actor, roles: Iterable[str]) -> dict[str, Any]:
    """Return who acts, as the payload says it."""
    return {
        "id": str(actor.uuid) if actor.uuid else None,
        "kind": actor.kind,
        "name": commit_personal(actor.user.username, of=actor.user) if actor.user else None,
        "via": actor.via.value,
        "credential": actor.credential,
        "roles": sorted(roles),
    }


def message_authentication_code(body: bytes) -> bytes:
    """Return HMAC-SHA256 (RFC 2104) of ``body`` under the journal key."""
    return hmac.digest(settings.JOURNAL_KEY.encode(), body, "sha256")


def is_authentic(entry: JournalEntry) -> bool:
    """Tell whether this service wrote the entry's body, and wrote it for this very entry.

    The second half stops a row that repeats the body and code of an earlier one, and one whose
    columns say something else than its body, by which it would be found, or not be.
    """
    body = bytes(entry.body)
    if not hmac.compare_digest(message_authentication_code(body), bytes(entry.mac)):
        return False
    return not strays(vars(entry), decode(entry))


def columns_of(body: Mapping[str, Any]) -> Columns:
    """Return what the columns of the entry with that payload must say."""
    actor, workspace = body["actor"], body["workspace"]
    return Columns(
        uuid=UUID(body["uuid"]),
        occurred_at=datetime.fromisoformat(body["ts"]),
        action=body["action"],
        outcome=body["outcome"],
        actor=UUID(actor["id"]) if actor["id"] else None,
        actor_kind=actor["kind"],
        via=actor["via"],
        workspace=UUID(workspace) if workspace else None,
        subject=body["subject"]["ref"],
        subject_digest=body["subject"]["digest"] or "",
        request_id=body["request_id"],
    )


def strays(row: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
    """Return the names of the columns of ``row`` that say something else than its payload."""
    return [name for name, said in vars(columns_of(body)).items() if row[name] != said]


def is_written_here(body: bytes, mac: bytes, entry: str) -> bool:
    """Tell the same as `is_authentic` of what was read without a model, at a tenth of the cost.

    ``entry`` is the row's own id as the database writes it, with hyphens or without. Keys of a body
    are sorted, and behind that of the entry's id come numbers and ids only: the last ``uuid`` in it
    is the entry's.
    """
    body = bytes(body)
    if not hmac.compare_digest(message_authentication_code(body), mac):
        return False
    at = body.rfind(b',"uuid":"') + 9
    told = body[at : at + 36].decode("ascii", "replace")
    return told == entry or told.replace("-", "") == entry


def commit_personal(value: str, *, of: User) -> str:
    """Return the salted commitment that stands for a personal value in the journal.

    One commitment per person and value, so that erasing a person is deleting few rows.
    """
    if known := KNOWN_COMMITMENT.first(user=of.pk, value=value):
        return known
    salt = secrets.token_bytes(32)
    commitment = sha256(salt + value.encode())
    insert_missing(PersonalDatum(commitment=commitment, salt=salt, value=value, user=of))
    # Another process may have been quicker.
    return KNOWN_COMMITMENT.one(user=of.pk, value=value)


def decode(entry: JournalEntry) -> dict[str, Any]:
    """Return the payload of an entry."""
    body: dict[str, Any] = json.loads(bytes(entry.body))
    return body
