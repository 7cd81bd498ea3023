"""Erase a person: everything that tells who an account was, and nothing that is evidence.

The journal holds a salted commitment of the name; with salt and value gone it stands for nothing
any more, and every proof over the journal stays valid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audits.events import PersonErased
from audits.models import Erasure
from audits.queries.holds import holds_on
from audits.services.holds import LOCK, account_called, check_reason
from core import locks
from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.models import IdempotentRequest, PersonalDatum, User
from registry import access
from registry.models import CommentMention, Notification, Token, Watch

if TYPE_CHECKING:
    from core.actors import Actor

NAME = "erased"


def erase(*, actor: Actor, account: str, reason: str) -> Erasure:
    """Erase the person behind an account (its name or id) and close it; return the record.

    Names, address, password, tokens, notifications and kept answers go; what the person did stays
    under the account's id. Administrators of the organisation do it, never to themselves. Raises
    InvalidInput, AccessDenied, and Conflict while a hold covers the person, or for one who is
    erased.
    """
    access.require_organisation_admin(actor, subject="erasure")
    reason = check_reason(reason)
    person = account_called(account, field="account")
    if actor.user is None or person == actor.user:
        raise InvalidInput.of("account", "is erased by somebody else who is a person")
    names = {person.username, person.first_name, person.last_name, person.email} - {""}
    if any(len(name) > 1 and name.casefold() in reason.casefold() for name in names):
        raise InvalidInput.of("reason", "names the person: it stays in the journal")
    with transaction.atomic():
        locks.hold(LOCK)
        person = User.objects.select_for_update().get(pk=person.pk)
        if Erasure.objects.filter(account=person).exists():
            raise Conflict("The person has been erased already.")
        if objections := holds_on(person):
            raise Conflict(f"Nothing was erased: {'; '.join(objections)}.")
        counts = _forget(person)
        erasure = Erasure.objects.create(
            account=person, reason=reason, erased_by=actor.user, counts=counts
        )
        publish(
            PersonErased(
                subject=f"user/{person.uuid}",
                reason=reason,
                account=str(person.uuid),
                names=counts["names"],
                tokens=counts["tokens"],
                notifications=counts["notifications"],
            ),
            actor=actor,
        )
    return erasure


def _forget(person: User) -> dict[str, int]:
    """Let go of what tells who it was; return how many rows of what went."""
    now = timezone.now()
    names, _ = PersonalDatum.objects.filter(user=person).delete()
    tokens = Token.objects.filter(user=person, revoked_at=None).update(revoked_at=now)
    notifications, _ = Notification.objects.filter(user=person).delete()
    Watch.objects.filter(user=person).delete()
    CommentMention.objects.filter(user=person).delete()
    IdempotentRequest.objects.filter(user=person).delete()
    person.groups.clear()
    person.username = f"{NAME}-{person.uuid.hex[-12:]}"
    person.first_name = person.last_name = person.email = ""
    person.is_active = person.is_staff = person.is_superuser = False
    person.last_login = None
    # Sessions are bound to the password: they end with it.
    person.set_unusable_password()
    person.save()
    return {"names": names, "tokens": tokens, "notifications": notifications}
