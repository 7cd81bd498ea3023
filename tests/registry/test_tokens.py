"""API tokens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.actors import Actor, Via
from core.canonical import sha256
from core.errors import AccessDenied, AuthenticationRequired, Conflict, InvalidInput, NotFound
from core.journal import decode
from core.models import JournalEntry, User
from registry.models import Token
from registry.services import tokens
from tests.factories import (
    as_actor,
    bearer,
    make_actor,
    make_admin,
    make_user,
    make_workspace,
    member,
)

pytestmark = pytest.mark.django_db


def issue(actor: Actor, **options: Any) -> tokens.IssuedToken:
    assert actor.user is not None
    return tokens.issue(actor=actor, user=actor.user, **options)


def soon(**delta: float) -> datetime:
    return timezone.now() + timedelta(**delta)


def test_a_token_gives_its_holder_and_only_its_digest_is_kept() -> None:
    actor = make_actor()

    issued = issue(actor, label="ci")

    holder = tokens.authenticate(issued.text, request_id="r1")
    assert (holder.user, holder.via, holder.request_id) == (actor.user, Via.TOKEN, "r1")
    assert (holder.workspaces, holder.scopes) == (None, None)
    secret = issued.text.split("_", 2)[2]
    row = Token.objects.get()
    assert row.secret_digest == sha256(secret.encode())
    assert secret not in str(row.__dict__)
    entry = JournalEntry.objects.get(action="registry.token.issued")
    assert secret.encode() not in bytes(entry.body)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "mun",
        lambda text: text[:-1],
        lambda text: text + "x",
        lambda text: text[:-1] + ("a" if text[-1] != "a" else "b"),
        lambda text: text.replace("mun_", "nun_"),
        lambda text: text.upper(),
        lambda text: text.replace(text[4], "\x00", 1),
        lambda text: text + " ",
        lambda text: "ü" * len(text),
        lambda text: "x" * 100_000,
    ],
)
def test_anything_but_the_very_text_is_refused_alike(change: Any) -> None:
    text = issue(make_actor()).text

    with pytest.raises(AuthenticationRequired) as caught:
        tokens.authenticate(change(text))

    assert caught.value.detail == tokens.UNKNOWN


def test_a_revoked_expired_or_orphaned_token_is_refused_alike() -> None:
    revoked, orphaned = issue(make_actor()), issue(make_actor())
    tokens.revoke(actor=make_admin(), token_uuid=revoked.token.uuid)
    User.objects.filter(pk=orphaned.token.user_id).update(is_active=False)
    actor = make_actor()
    expired = issue(actor, expires_at=soon(seconds=60))
    tokens.authenticate(expired.text)
    past = Token(
        user=expired.token.user,
        prefix="0123456789ab",
        secret_digest=expired.token.secret_digest,
        expires_at=soon(seconds=-1),
    )
    past.save()
    text = expired.text.replace(expired.token.prefix, past.prefix)

    for dead in (revoked.text, orphaned.text, text):
        with pytest.raises(AuthenticationRequired) as caught:
            tokens.authenticate(dead)
        assert caught.value.detail == tokens.UNKNOWN


def test_a_narrowed_token_carries_its_limits() -> None:
    workspace = make_workspace()
    actor = member(workspace, "author")

    issued = issue(actor, workspaces=[workspace.slug], scopes=["view_workspace"])

    holder = tokens.authenticate(issued.text)
    assert holder.workspaces == frozenset({workspace.pk})
    assert holder.scopes == frozenset({"view_workspace"})


def test_a_token_of_no_workspace_reaches_none() -> None:
    issued = issue(make_actor(), workspaces=[])

    assert tokens.authenticate(issued.text).workspaces == frozenset()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"scopes": ["fly"]}, "scopes"),
        ({"workspaces": ["nowhere"]}, "workspaces"),
        ({"expires_at": datetime.fromisoformat("2020-01-01T00:00:00+00:00")}, "expires_at"),
    ],
)
def test_bad_limits_are_told_with_their_field(options: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        issue(make_actor(), **options)

    assert caught.value.errors[0].field == field
    assert not Token.objects.exists()


def test_only_an_administrator_issues_tokens_of_others() -> None:
    user = make_user()

    with pytest.raises(AccessDenied):
        tokens.issue(actor=make_actor(), user=user)
    assert tokens.issue(actor=make_admin(), user=user).token.user == user


def test_no_token_issues_one_that_could_do_more_or_live_longer() -> None:
    workspace = make_workspace()
    actor = member(workspace, "author")
    narrow = tokens.authenticate(issue(actor, scopes=["view_workspace"]).text)
    short = tokens.authenticate(issue(actor, expires_at=soon(hours=1)).text)

    with pytest.raises(AccessDenied):
        issue(narrow, scopes=["view_workspace"])
    for expires_at in (None, soon(hours=2)):
        with pytest.raises(InvalidInput) as caught:
            issue(short, expires_at=expires_at)
        assert caught.value.errors[0].field == "expires_at"
    assert issue(short, expires_at=soon(minutes=30)).token.expires_at is not None


def test_a_foreign_token_is_as_missing_as_one_that_never_was() -> None:
    issued = issue(make_actor())

    with pytest.raises(NotFound) as foreign:
        tokens.revoke(actor=make_actor(), token_uuid=issued.token.uuid)
    with pytest.raises(NotFound) as missing:
        tokens.revoke(actor=make_actor(), token_uuid=make_user().uuid)

    assert foreign.value.denial is not None
    assert missing.value.denial is None
    tokens.authenticate(issued.text)


@pytest.mark.parametrize("limits", [{"scopes": ["view_workspace"]}, {"workspaces": []}])
@pytest.mark.parametrize("make", [make_actor, make_admin])
def test_a_narrowed_token_sees_and_revokes_itself_alone(make: Any, limits: dict[str, Any]) -> None:
    actor = make()
    wide, narrow = issue(actor), issue(actor, **limits)
    client, address = bearer(narrow.text), "/api/registry/tokens/"

    listed = client.get(address).data["results"]
    refused = client.delete(f"{address}{wide.token.uuid}/")

    assert [row["uuid"] for row in listed] == [str(narrow.token.uuid)]
    assert refused.status_code == 404
    assert len(bearer(wide.text).get(address).data["results"]) == 2
    assert client.delete(f"{address}{narrow.token.uuid}/").status_code == 204
    assert client.get(address).status_code == 401


def test_the_journal_tells_whose_token_was_issued_and_revoked() -> None:
    holder = make_user()
    issued = tokens.issue(actor=make_admin(), user=holder)
    tokens.revoke(actor=make_admin(), token_uuid=issued.token.uuid)

    entries = JournalEntry.objects.filter(action__startswith="registry.token.").order_by("id")

    assert [decode(entry)["data"]["holder"] for entry in entries] == [str(holder.uuid)] * 2


def test_a_token_is_revoked_once() -> None:
    actor = make_actor()
    issued = issue(actor)
    assert actor.user is not None
    tokens.revoke(actor=as_actor(actor.user), token_uuid=issued.token.uuid)

    with pytest.raises(Conflict):
        tokens.revoke(actor=replace(actor), token_uuid=issued.token.uuid)
    assert JournalEntry.objects.filter(action="registry.token.revoked").count() == 1


def test_use_is_recorded_at_most_once_a_minute() -> None:
    issued = issue(make_actor())

    tokens.authenticate(issued.text)
    first = Token.objects.get().last_used_at
    tokens.authenticate(issued.text)
    assert first is not None
    assert Token.objects.get().last_used_at == first
    Token.objects.update(last_used_at=first - timedelta(minutes=2))
    tokens.authenticate(issued.text)

    last = Token.objects.get().last_used_at
    assert last is not None
    assert last > first - timedelta(minutes=1)
