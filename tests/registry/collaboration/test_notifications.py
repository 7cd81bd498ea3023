"""People are told of what concerns them: once, not of their own doing, only of what they see."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from core.actors import Actor, system
from core.errors import Conflict, InvalidInput, NotFound
from core.models import ConsumerCursor
from registry.models import Grant, Notification, Watch, Workspace
from registry.services import (
    aliases,
    assignments,
    comments,
    lifecycle,
    members,
    owners,
    watches,
)
from registry.services.notices import reading
from registry.services.promotions import closing, decide, request
from tests.factories import (
    administrator,
    grant,
    make_actor,
    make_dataset,
    make_model,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.registry.collaboration.steps import tell, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(dev: Workspace) -> Actor:
    return member(dev, "author")


def name_of(actor: Actor) -> str:
    assert actor.user is not None
    return actor.user.username


def test_watchers_hear_of_new_versions_and_moves_and_the_actor_of_neither(
    dev: Workspace, author: Actor
) -> None:
    make_model(dev, name="bot", actor=author)
    reader, other = member(dev, "reader"), member(dev, "reader")
    watches.start(actor=reader, asset=f"{dev.slug}/model/bot")
    watches.start(actor=other, workspace=dev.slug)
    watches.start(actor=author, workspace=dev.slug)
    make_model(dev, name="bot", actor=author)
    aliases.move(actor=author, asset=f"{dev.slug}/model/bot", alias="best", to=2)

    tell()

    expected = [("registry.version.registered", "watch"), ("registry.alias.moved", "watch")]
    assert told(reader) == told(other) == expected
    assert told(author) == []


def test_nobody_is_told_of_what_happened_before_they_watched(dev: Workspace, author: Actor) -> None:
    make_model(dev, name="bot", actor=author)
    reader = member(dev, "reader")
    watches.start(actor=reader, workspace=dev.slug)

    tell()

    assert told(reader) == []


def test_telling_the_whole_journal_again_adds_nothing(dev: Workspace, author: Actor) -> None:
    reader = member(dev, "reader")
    watches.start(actor=reader, workspace=dev.slug)
    make_model(dev, actor=author)
    tell()
    before = list(Notification.objects.values_list("uuid", flat=True))

    ConsumerCursor.objects.update(seq=-1)
    tell()

    assert list(Notification.objects.values_list("uuid", flat=True)) == before
    assert len(before) == 1


def test_the_creator_owns_an_asset_until_somebody_else_is_named(
    dev: Workspace, author: Actor
) -> None:
    make_model(dev, name="bot", actor=author)
    asset, client = f"{dev.slug}/model/bot", token_client(author)
    current = f"/api/registry/owners/current/?asset={asset}"
    assert [o["is_default"] for o in client.get(current).json()["owners"]] == [True]
    team = Group.objects.create(name="team")
    keeper = make_actor()
    assert keeper.user is not None
    keeper.user.groups.add(team)
    members.grant(actor=administrator(), workspace=dev.slug, role="reader", group="team")

    owner = owners.add(actor=author, asset=asset, group="team")
    comments.add(actor=member(dev, "reader"), about={"asset": asset}, text="Who keeps this?")
    tell()

    assert told(keeper) == [
        ("registry.owner.set", "owner"),
        ("registry.comment.added", "owner"),
    ]
    assert told(author) == []
    assert [o["group"] for o in client.get(current).json()["owners"]] == ["team"]
    with pytest.raises(Conflict):
        owners.add(actor=author, asset=asset, group="team")
    owners.remove(actor=author, owner=owner.uuid)
    with pytest.raises(Conflict):
        owners.remove(actor=author, owner=owner.uuid)
    assert [o["username"] for o in client.get(current).json()["owners"]] == [name_of(author)]


def test_an_owner_must_see_the_asset_and_a_stranger_is_answered_like_nobody(
    dev: Workspace, author: Actor
) -> None:
    make_model(dev, name="bot", actor=author)
    stranger = make_actor("stranger")
    for name in (name_of(stranger), "nobody"):
        with pytest.raises(InvalidInput, match=f"no account '{name}' may see the workspace"):
            owners.add(actor=author, asset=f"{dev.slug}/model/bot", username=name)
    Group.objects.create(name="elsewhere")
    with pytest.raises(InvalidInput, match="no group 'elsewhere' may see"):
        owners.add(actor=author, asset=f"{dev.slug}/model/bot", group="elsewhere")


def test_a_promotion_tells_approvers_and_then_its_requester(dev: Workspace, author: Actor) -> None:
    prod = make_workspace(stage="production", required_approvals=1)
    deployer, approver = member(prod, "deployer"), member(prod, "approver")
    grant(deployer, dev, "reader")
    version = make_model(dev, actor=author)
    asked = request.promote(
        actor=deployer, source=reference(version), target=prod.slug, reason="release"
    )
    decide.decide(actor=approver, promotion=asked.uuid, decision="approved", binding=asked.binding)

    tell()

    assert told(approver) == [("registry.promotion.requested", "approver")]
    assert told(deployer) == [
        ("registry.promotion.decided", "requester"),
        ("registry.promotion.completed", "requester"),
    ]
    assert told(author) == []
    subjects = set(Notification.objects.values_list("subject", flat=True))
    assert subjects == {reference(version)}


def test_the_owners_of_what_was_made_from_a_withdrawn_version_hear_of_their_own_alone(
    dev: Workspace,
) -> None:
    secret = make_workspace()
    data = make_dataset(secret, name="secret-data")
    owner, keeper = member(dev, "author"), member(secret, "author")
    grant(owner, secret, "reader")
    model = make_model(dev, actor=owner, trained_on=[data])
    owners.add(actor=keeper, asset=f"{secret.slug}/dataset/secret-data", username=name_of(keeper))
    members.revoke(
        actor=administrator(),
        grant_uuid=Grant.objects.get(user=owner.user, workspace=secret).uuid,
    )
    lifecycle.change(
        actor=administrator(), version=reference(data), state="withdrawn", reason="consent ended"
    )

    tell()

    assert told(keeper)[-1] == ("registry.lifecycle.changed", "owner")
    assert told(owner) == [("registry.lifecycle.changed", "dependent")]
    shown = token_client(owner).get("/api/registry/notifications/").json()["results"]
    assert shown[0]["subject"] == reference(model)
    assert "secret-data" not in str(shown)


def test_an_expired_promotion_tells_its_requester(dev: Workspace) -> None:
    prod = make_workspace(stage="production", required_approvals=1)
    deployer = member(prod, "deployer")
    grant(deployer, dev, "reader")
    asked = request.promote(
        actor=deployer, source=reference(make_model(dev)), target=prod.slug, reason="release"
    )
    closing.close(asked, asked.Status.EXPIRED, actor=system())

    tell()

    assert told(deployer) == [("registry.promotion.expired", "requester")]


def test_a_mention_weighs_more_than_a_watch_and_one_entry_is_told_once(dev: Workspace) -> None:
    version = make_model(dev)
    reader, speaker = member(dev, "reader"), member(dev, "reader")
    watches.start(actor=reader, workspace=dev.slug)
    about = {"version": reference(version)}
    said = comments.add(actor=reader, about=about, text="Is it good?")
    comments.add(actor=speaker, about=about, text="Yes", parent=said.uuid)
    comments.add(actor=speaker, about=about, text=f"@{name_of(reader)} look", parent=said.uuid)

    tell()

    assert told(reader) == [
        ("registry.comment.added", "reply"),
        ("registry.comment.added", "mention"),
    ]


def test_an_edit_tells_those_alone_who_are_new_in_it(dev: Workspace) -> None:
    version = make_model(dev)
    first, second, speaker = (member(dev, "reader") for _ in range(3))
    about = {"version": reference(version)}
    said = comments.add(actor=speaker, about=about, text=f"@{name_of(first)}")
    text = f"@{name_of(first)} @{name_of(second)}"
    comments.edit(actor=speaker, comment=said.uuid, text=text)

    tell()

    assert told(first) == [("registry.comment.added", "mention")]
    assert told(second) == [("registry.comment.edited", "mention")]


def test_work_that_is_asked_for_is_told_and_so_is_its_end(dev: Workspace) -> None:
    version = make_model(dev)
    asker, worker = member(dev, "reader"), member(dev, "author")
    about = {"version": reference(version)}
    with pytest.raises(InvalidInput, match="assignee"):
        assignments.assign(actor=asker, about=about, kind="review", assignee=name_of(make_actor()))
    asked = assignments.assign(actor=asker, about=about, kind="review", assignee=name_of(worker))
    assignments.close(actor=worker, assignment=asked.uuid, outcome="done")
    with pytest.raises(Conflict):
        assignments.close(actor=worker, assignment=asked.uuid, outcome="withdrawn")

    tell()

    assert told(worker) == [("registry.assignment.made", "assignment")]
    assert told(asker) == [("registry.assignment.closed", "assignment")]


def test_who_may_not_see_the_subject_is_neither_told_nor_shown_what_was_told(
    dev: Workspace, author: Actor
) -> None:
    early, late = member(dev, "reader"), member(dev, "reader")
    for actor in (early, late):
        watches.start(actor=actor, workspace=dev.slug)
    members.revoke(actor=administrator(), grant_uuid=Grant.objects.get(user=early.user).uuid)
    make_model(dev, actor=author)
    tell()
    client = token_client(late)
    assert client.get("/api/registry/notifications/unread/").json() == {"count": 1}

    members.revoke(actor=administrator(), grant_uuid=Grant.objects.get(user=late.user).uuid)

    assert told(early) == []
    assert client.get("/api/registry/notifications/unread/").json() == {"count": 0}
    assert client.get("/api/registry/notifications/").json()["results"] == []
    hidden = Notification.objects.get(user=late.user)
    with pytest.raises(NotFound) as refused:
        reading.read(actor=late, notification=hidden.uuid)
    assert refused.value.denial is not None


def test_notifications_are_read_one_by_one_or_up_to_one(dev: Workspace, author: Actor) -> None:
    reader = member(dev, "reader")
    watches.start(actor=reader, workspace=dev.slug)
    for _ in range(4):
        make_model(dev, actor=author)
    tell()
    client = token_client(reader)
    listed = client.get("/api/registry/notifications/?unread=true").json()["results"]
    assert [item["reason"] for item in listed] == ["watch"] * 4

    first = client.post(f"/api/registry/notifications/{listed[0]['uuid']}/read/").json()
    again = client.post(f"/api/registry/notifications/{listed[0]['uuid']}/read/").json()
    until = {"until": listed[2]["uuid"]}
    read = client.post("/api/registry/notifications/read-all/", until, format="json").json()

    assert first["read_at"] == again["read_at"]
    assert read == {"count": 1}
    unread = client.get("/api/registry/notifications/?unread=true").json()["results"]
    assert [item["uuid"] for item in unread] == [listed[1]["uuid"]]


def test_a_watch_is_ones_own_and_there_is_one_of_it(dev: Workspace) -> None:
    reader = member(dev, "reader")
    watch = watches.start(actor=reader, workspace=dev.slug)

    with pytest.raises(Conflict):
        watches.start(actor=reader, workspace=dev.slug)
    with pytest.raises(NotFound):
        watches.stop(actor=member(dev, "admin"), watch=watch.uuid)
    with pytest.raises(InvalidInput):
        watches.start(actor=reader)
    watches.stop(actor=reader, watch=watch.uuid)
    assert not Watch.objects.exists()
