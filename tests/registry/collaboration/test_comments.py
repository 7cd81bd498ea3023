"""People talk about what they may see; their words can change, and go, and leave a trace."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.actors import Actor
from core.canonical import sha256
from core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from core.ids import new_uuid
from core.models import JournalEntry
from registry.models import (
    AssetVersion,
    Comment,
    CommentMention,
    CommentRevision,
    CommentText,
    Workspace,
)
from registry.services import comments, experiments
from tests.factories import (
    administrator,
    make_actor,
    make_model,
    make_workspace,
    member,
    reference,
    token_client,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dev(db: None) -> Workspace:
    return make_workspace()


@pytest.fixture
def version(dev: Workspace) -> AssetVersion:
    return make_model(dev, name="bot")


@pytest.fixture
def author(dev: Workspace) -> Actor:
    return member(dev, "reader", username="author.one")


def say(actor: Actor, version: AssetVersion, text: str = "A remark", **options: Any) -> Comment:
    return comments.add(actor=actor, about={"version": reference(version)}, text=text, **options)


def last_entry(action: str) -> dict[str, Any]:
    entry = JournalEntry.objects.filter(action=action).latest("id")
    body: dict[str, Any] = json.loads(bytes(entry.body))
    return body


def test_a_remark_is_kept_as_it_was_written_and_the_journal_has_a_commitment_alone(
    author: Actor, version: AssetVersion
) -> None:
    text = "  **Why** <script>alert(1)</script> this licence?\n"

    said = say(author, version, text)

    words = CommentText.objects.get(revision__comment=said)
    entry = last_entry("registry.comment.added")
    assert words.text == text
    assert entry["subject"] == {
        "ref": reference(version),
        "digest": sha256(bytes(words.salt) + text.encode()),
    }
    assert "licence" not in json.dumps(entry)


def test_every_kind_of_subject_can_be_talked_about_and_only_one_at_a_time(
    author: Actor, version: AssetVersion, dev: Workspace
) -> None:
    made = experiments.create(actor=administrator(), workspace=dev.slug, name="tone")
    about = {
        "asset": f"{dev.slug}/model/bot",
        "version": reference(version),
        "experiment": made.uuid,
    }
    for name, value in about.items():
        assert comments.add(actor=author, about={name: value}, text="x").workspace == dev
    for wrong in ({}, about):
        with pytest.raises(InvalidInput, match="exactly one"):
            comments.add(actor=author, about=wrong, text="x")


def test_the_database_takes_no_comment_about_nothing_or_about_two_things(
    author: Actor, version: AssetVersion, dev: Workspace
) -> None:
    assert author.user is not None
    for subject in ({}, {"asset": version.asset, "version": version}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.create(workspace=dev, author_id=author.user.pk, **subject)


@pytest.mark.parametrize("text", ["", "  \n\t", "x" * 20_001])
def test_a_text_without_words_or_beyond_all_measure_is_refused(
    author: Actor, version: AssetVersion, text: str
) -> None:
    with pytest.raises(InvalidInput, match="text"):
        say(author, version, text)
    assert not Comment.objects.exists()


def test_a_subject_of_others_is_answered_like_none(version: AssetVersion) -> None:
    outsider = make_actor()
    hidden, missing = reference(version), reference(version).replace("bot", "bat")

    with pytest.raises(InvalidInput) as foreign:
        comments.add(actor=outsider, about={"version": hidden}, text="x")
    with pytest.raises(InvalidInput) as none:
        comments.add(actor=outsider, about={"version": missing}, text="x")

    assert foreign.value.detail.replace("bot", "bat") == none.value.detail
    assert foreign.value.denial is not None
    assert none.value.denial is None


def test_a_mention_names_accounts_that_may_see_the_subject_and_nobody_else(
    author: Actor, version: AssetVersion, dev: Workspace
) -> None:
    colleague = member(dev, "author", username="colleague")
    stranger = make_actor("stranger")
    gone = member(dev, "reader", username="gone")
    assert gone.user is not None
    gone.user.is_active = False
    gone.user.save()

    said = say(
        author,
        version,
        "@colleague, (@colleague) @stranger @nobody @gone mail@colleague.example @author.one.",
    )

    answer = token_client(author).get(f"/api/registry/comments/{said.uuid}/").json()
    assert answer["mentions"] == ["author.one", "colleague"]
    assert colleague.user is not None
    assert stranger.user is not None
    mentioned = last_entry("registry.comment.added")["data"]["mentioned"]
    assert str(colleague.user.uuid) in mentioned
    assert str(stranger.user.uuid) not in mentioned


def test_at_most_fifty_accounts_are_mentioned(
    author: Actor, version: AssetVersion, dev: Workspace
) -> None:
    names = [f"person-{number:02}" for number in range(60)]
    for name in names:
        member(dev, "reader", username=name)

    said = say(author, version, " ".join(f"@{name}" for name in names))

    assert CommentMention.objects.filter(revision__comment=said).count() == 50


def test_an_edit_is_another_revision_and_only_its_author_makes_it(
    author: Actor, version: AssetVersion, dev: Workspace
) -> None:
    said = say(author, version, "first")
    with pytest.raises(AccessDenied, match="Only its author"):
        comments.edit(actor=member(dev, "admin"), comment=said.uuid, text="mine now")

    comments.edit(actor=author, comment=said.uuid, text="second", expected=1)
    comments.edit(actor=author, comment=said.uuid, text="second")

    with pytest.raises(Conflict) as late:
        comments.edit(actor=author, comment=said.uuid, text="third", expected=1)
    assert late.value.extra == {"actual": 2}
    client = token_client(author)
    shown = client.get(f"/api/registry/comments/{said.uuid}/").json()
    kept = client.get(f"/api/registry/comments/{said.uuid}/revisions/").json()
    assert (shown["revision"], shown["text"]) == (2, "second")
    assert [(item["number"], item["text"]) for item in kept] == [(1, "first"), (2, "second")]


def test_no_revision_can_be_changed_behind_the_services_back(
    author: Actor, version: AssetVersion
) -> None:
    say(author, version, "first")

    for rows, change in (
        (CommentText.objects.all(), {"text": "other"}),
        (CommentRevision.objects.all(), {"number": 7}),
        (Comment.objects.all(), {"created_at": version.created_at}),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            rows.update(**change)


def test_a_redaction_takes_every_word_and_keeps_who_spoke_and_when(
    author: Actor, version: AssetVersion, dev: Workspace
) -> None:
    said = say(author, version, "my secret is hunter2")
    comments.edit(actor=author, comment=said.uuid, text="my secret was hunter2")
    admin = member(dev, "admin", username="the-admin")
    with pytest.raises(AccessDenied):
        comments.redact(actor=member(dev, "author"), comment=said.uuid)

    comments.redact(actor=admin, comment=said.uuid, reason="a secret")

    shown = token_client(author).get(f"/api/registry/comments/{said.uuid}/").json()
    assert (shown["text"], shown["author"], shown["redacted_by"]) == (
        None,
        "author.one",
        "the-admin",
    )
    assert shown["created_at"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_commenttext WHERE text LIKE '%hunter2%'")
        assert cursor.fetchone() == (0,)
    with pytest.raises(Conflict, match="gone"):
        comments.redact(actor=author, comment=said.uuid)
    with pytest.raises(Conflict, match="gone"):
        comments.edit(actor=author, comment=said.uuid, text="again")


def test_a_reply_stays_with_its_subject(
    author: Actor, version: AssetVersion, dev: Workspace
) -> None:
    first = say(author, version)
    other = make_model(dev)

    reply = say(author, version, parent=first.uuid)

    assert reply.parent == first
    for parent in (new_uuid(), first.uuid):
        with pytest.raises(InvalidInput, match="parent"):
            say(author, other, parent=parent)


def test_who_loses_the_workspace_loses_the_talk(version: AssetVersion, author: Actor) -> None:
    said = say(author, version)
    outsider = make_actor()

    with pytest.raises(NotFound):
        comments.edit(actor=outsider, comment=said.uuid, text="x")
    assert token_client(outsider).get("/api/registry/comments/").json()["results"] == []


def test_a_subject_has_an_end_of_comments(
    author: Actor, version: AssetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments, "MAX_COMMENTS", 2)
    say(author, version)
    say(author, version)

    with pytest.raises(Conflict, match="2 comments"):
        say(author, version)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "x"}, "asset"),
        ({"text": 5, "asset": "a/b/c"}, "text"),
        ({"text": "x", "asset": "a/b/c", "version": "a/b/c/1"}, "asset"),
        ({"text": "x", "promotion": "no-uuid"}, "promotion"),
        ({"text": "x", "promotion": str(new_uuid())}, "promotion"),
        ({"text": "x", "workspace": "dev"}, "workspace"),
        ({"text": "x", "version": "a/b/c/99999999999999999999"}, "version"),
    ],
)
def test_a_wrong_body_is_told_what_is_wrong(author: Actor, body: Any, field: str) -> None:
    answer = token_client(author).post("/api/registry/comments/", body, format="json")

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_nul_byte_is_refused(author: Actor, version: AssetVersion) -> None:
    body = {"version": reference(version), "text": "a\x00b"}

    assert (
        token_client(author).post("/api/registry/comments/", body, format="json").status_code == 400
    )
