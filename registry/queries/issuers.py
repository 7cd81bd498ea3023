"""Who stands behind a token: its holder, or somebody who issued it for another account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.journal import decode
from core.models import JournalEntry
from registry.events import TokenIssued

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.actors import Actor
    from core.models import User

SUBJECT = "token/"
# How a refusal for `acts_for` goes on.
NOR_SO = ", nor with a token that they issued for another account"
# A token may have been made with another one, that one with a third, and so on.
LONGEST_CHAIN = 10


def issuers_of(credentials: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Return by the prefix of each token who issued it for another account, as the journal's entry
    about it names the actor. Tokens of their holders' own are left out, and those that an
    operator made on the command line.

    A token that was made with another one is of who issued that one. One query in most cases.
    """
    found: dict[str, Mapping[str, Any]] = {}
    asked = {each: each for each in credentials if each}
    for _ in range(LONGEST_CHAIN):
        if not asked:
            break
        subjects = {f"{SUBJECT}{prefix}" for prefix in asked.values()}
        rows = JournalEntry.objects.filter(action=TokenIssued.action, subject__in=subjects)
        told = {body["subject"]["ref"]: body for body in map(decode, rows)}
        following = {}
        for credential, prefix in asked.items():
            body = told.get(f"{SUBJECT}{prefix}")
            if body is None:
                continue
            if body["actor"]["id"] not in {None, body["data"]["holder"]}:
                found[credential] = body["actor"]
            elif body["actor"]["credential"]:
                following[credential] = body["actor"]["credential"]
        asked = following
    return found


def acts_for(actor: Actor, user: User | None) -> bool:
    """Tell whether ``actor`` is that person, or came with a token that this person issued for
    another account: where two must agree, it takes two people behind the credentials as well."""
    if user is None or actor.user is None:
        return False
    if actor.user == user:
        return True
    issuer = issuers_of([actor.credential]).get(actor.credential)
    return issuer is not None and issuer["id"] == str(user.uuid)
