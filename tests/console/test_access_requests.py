from __future__ import annotations

from django.urls import reverse

from core.actors import Actor
from registry.models import AccessRequest, Notification, Workspace
from registry.services import workspaces
from tests import factories
from tests.console.models import model
from tests.console.pages import browser
from tests.registry.catalogue.following import follow
from tests.registry.collaboration.steps import tell

CATALOGUE = reverse("admin:console_catalogue")
STUBS = reverse("admin:console_stubs")
SECRET = {"summary": "Answers riddles.", "limitations": "knows the vault code"}


def shown_to(actor: Actor, address: str) -> str:
    return str(browser(actor).get(address).content.decode())


def test_what_is_discoverable_is_asked_for_and_granted(place: Workspace, author: Actor) -> None:
    version = model(place, author, "sphinx", card=SECRET)
    workspaces.change(
        actor=factories.administrator(), slug=place.slug, changes={"is_discoverable": True}
    )
    follow()
    stranger, keeper = factories.make_actor(), factories.member(place, "admin")
    ask = reverse("admin:console_ask_for_asset", args=[version.asset.uuid])
    shown = shown_to(stranger, STUBS)
    assert ask in shown
    assert "vault" not in shown

    browser(stranger).post(ask, {"role": "reader", "reason": "For the tour."})
    made = AccessRequest.objects.get()
    inbox = shown_to(keeper, reverse("admin:console_inbox"))
    assert ask not in shown_to(stranger, STUBS)
    assert "For the tour." in inbox
    browser(keeper).post(reverse("admin:console_access_grant", args=[made.uuid]), {"reason": ""})

    assert "sphinx" in shown_to(stranger, CATALOGUE)


def test_a_request_is_declined_for_a_reason_or_withdrawn(place: Workspace, author: Actor) -> None:
    keeper = factories.member(place, "admin")
    ask = reverse("admin:console_ask_for_workspace", args=[place.slug])
    browser(author).post(ask, {"role": "approver", "reason": ""})
    first = AccessRequest.objects.get()
    decline = reverse("admin:console_access_decline", args=[first.uuid])

    browser(keeper).post(decline, {"reason": ""})
    first.refresh_from_db()
    assert first.status == "pending"
    browser(keeper).post(decline, {"reason": "Ask your lead."})
    first.refresh_from_db()
    assert first.status == "declined"

    browser(author).post(ask, {"role": "deployer", "reason": ""})
    second = AccessRequest.objects.get(status="pending")
    browser(author).post(reverse("admin:console_access_withdraw", args=[second.uuid]))
    second.refresh_from_db()
    assert second.status == "withdrawn"


def test_nobody_grants_the_own_request_or_reaches_that_of_others(
    place: Workspace, author: Actor
) -> None:
    ask = reverse("admin:console_ask_for_workspace", args=[place.slug])
    browser(author).post(ask, {"role": "admin", "reason": ""})
    made = AccessRequest.objects.get()
    grant = reverse("admin:console_access_grant", args=[made.uuid])

    own = browser(author).post(grant, {"reason": ""})
    foreign = browser(factories.make_actor()).post(grant, {"reason": ""})

    made.refresh_from_db()
    assert (own.status_code, foreign.status_code, made.status) == (200, 404, "pending")


def test_what_hides_itself_cannot_be_asked_for(place: Workspace, author: Actor) -> None:
    version = model(place, author, "hidden")
    follow()
    client = browser(factories.make_actor())

    for address in (
        reverse("admin:console_ask_for_asset", args=[version.asset.uuid]),
        reverse("admin:console_ask_for_workspace", args=[place.slug]),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {"role": "reader"}).status_code == 404
    assert not AccessRequest.objects.exists()


def test_who_decides_is_told_beside_the_name_of_the_inbox_and_led_there(
    place: Workspace, author: Actor
) -> None:
    keeper = factories.member(place, "admin")
    ask = reverse("admin:console_ask_for_workspace", args=[place.slug])
    browser(author).post(ask, {"role": "approver", "reason": ""})
    tell()
    told = Notification.objects.get(user=keeper.user, action="registry.access_request.made")

    listed = browser(keeper).get(reverse("admin:console_notifications"))
    followed = browser(keeper).post(reverse("admin:console_notification_follow", args=[told.uuid]))

    lines = listed.context["sidebar_navigation"][0]["items"]
    badges = {str(line["title"]): line.get("badge") for line in lines}
    assert badges["Approvals"] == "1"
    assert "Asked for a role in" in listed.content.decode()
    assert followed.headers["Location"] == reverse("admin:console_inbox")
    assert "Approvals" not in [
        str(line["title"])
        for line in browser(author).get(CATALOGUE).context["sidebar_navigation"][0]["items"]
        if line.get("badge")
    ]
