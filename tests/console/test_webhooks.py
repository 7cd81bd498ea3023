from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actors import Actor
from registry.models import Webhook, WebhookDelivery, Workspace
from registry.services.webhooks import managing
from tests import factories
from tests.console.pages import browser
from tests.registry.collaboration.receiver import Receiver, receiving, status
from tests.registry.collaboration.steps import deliver, tell

LIST = reverse("admin:console_webhooks")
CREATE = reverse("admin:console_webhook_create")
VERBS = ("change", "switch", "rotate", "delete", "ping", "replay")


@pytest.fixture
def place(db: None) -> Workspace:
    return factories.make_workspace("atelier")


@pytest.fixture
def keeper(place: Workspace) -> Actor:
    return factories.member(place, "admin")


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    settings.WEBHOOK_PLAIN_HTTP = True
    with receiving() as running:
        yield running


@pytest.fixture
def hook(place: Workspace, keeper: Actor, receiver: Receiver) -> Webhook:
    return managing.create(
        actor=keeper, workspace=place.slug, url=receiver.url, events=["registry.version.*"]
    ).webhook


def at(hook: Webhook, verb: str = "") -> str:
    return reverse(f"admin:console_webhook{verb and f'_{verb}'}", args=[hook.uuid])


def text_of(actor: Actor, address: str) -> str:
    return str(browser(actor).get(address).content.decode())


def test_the_secret_is_shown_by_the_answer_to_the_form_alone(
    place: Workspace, keeper: Actor
) -> None:
    form = {
        "workspace": place.slug,
        "url": "https://hooks.example/in",
        "events": "registry.promotion.*, registry.alias.moved",
        "description": "chat",
    }

    answer = browser(keeper).post(CREATE, form)

    made = Webhook.objects.get()
    assert made.events == ["registry.promotion.*", "registry.alias.moved"]
    assert 'value="whsec_' in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    for address in (LIST, at(made), at(made, "change"), at(made, "rotate")):
        assert "whsec_" not in text_of(keeper, address)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"events": "registry.nothing"}, "events"),
        ({"events": ""}, "events"),
        ({"workspace": "elsewhere"}, "workspace"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_the_rest_is_kept(
    place: Workspace, keeper: Actor, changes: dict[str, str], field: str
) -> None:
    form = {
        "workspace": place.slug,
        "url": "https://hooks.example/in",
        "events": "*",
        "description": "kept words",
    }

    answer = browser(keeper).post(CREATE, {**form, **changes})

    assert answer.context["form"].errors[field]
    assert "kept words" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_a_test_is_sent_and_the_log_tells_what_came_of_it(
    hook: Webhook, keeper: Actor, receiver: Receiver
) -> None:
    client = browser(keeper)
    waiting = client.post(at(hook, "ping"), follow=True).content.decode()
    assert "to be sent now" in waiting

    deliver()

    shown = text_of(keeper, at(hook))
    assert "delivered" in shown
    assert "last answer: 204" in shown


def test_what_failed_tells_its_next_try_and_what_was_given_up_is_sent_again(
    hook: Webhook, place: Workspace, keeper: Actor, receiver: Receiver
) -> None:
    receiver.rule = status(500)
    factories.make_prompt(place, actor=keeper)
    deliver()
    shown = text_of(keeper, at(hook))
    assert "last answer: 500" in shown
    assert "next try" in shown

    WebhookDelivery.objects.update(state="dead", closed_at=hook.created_at)
    client = browser(keeper)
    assert "Send all that were given up again (1)" in text_of(keeper, at(hook))
    receiver.rule = status(200)
    client.post(at(hook, "replay"))
    deliver()

    made = WebhookDelivery.objects.get()
    assert made.state == "delivered"
    client.post(at(hook, "replay"), {"delivery": str(made.uuid)})
    made.refresh_from_db()
    assert made.state == "pending"
    assert client.post(at(hook, "replay"), {"delivery": "x"}).status_code == 404


def test_the_log_is_narrowed_to_a_state(hook: Webhook, keeper: Actor) -> None:
    browser(keeper).post(at(hook, "ping"))
    client = browser(keeper)

    assert len(client.get(at(hook), {"state": "pending"}).context["deliveries"]) == 1
    assert client.get(at(hook), {"state": "dead"}).context["deliveries"] == []


def test_a_webhook_is_paused_resumed_changed_rotated_and_deleted(
    hook: Webhook, keeper: Actor
) -> None:
    client = browser(keeper)
    client.post(at(hook, "switch"), {"reason": "Their system moves."})
    assert "Paused: Their system moves." in text_of(keeper, at(hook))
    client.post(at(hook, "switch"), {"reason": ""})
    hook.refresh_from_db()
    assert hook.state == "active"

    start = client.get(at(hook, "change")).context["form"].initial
    client.post(at(hook, "change"), {**start, "events": "*", "reason": ""})
    rotated = client.post(at(hook, "rotate"), {"overlap_hours": "0"})
    hook.refresh_from_db()
    assert hook.events == ["*"]
    assert 'value="whsec_' in rotated.content.decode()
    assert hook.secrets.count() == 1

    client.post(at(hook, "delete"), {"reason": ""})
    hook.refresh_from_db()
    assert hook.state == "deleted"
    assert client.get(at(hook)).status_code == 404


@pytest.mark.parametrize("role", ["reader", "author", "approver", "deployer", "auditor"])
def test_members_without_the_right_see_no_webhook(
    hook: Webhook, place: Workspace, role: str
) -> None:
    client = browser(factories.member(place, role))

    assert hook.url not in client.get(LIST).content.decode()
    assert client.get(LIST, {"workspace": place.slug}).status_code == 403
    assert client.get(at(hook)).status_code == 403
    for verb in VERBS:
        client.post(at(hook, verb), {"overlap_hours": "0", "url": "x", "events": "*"})
    hook.refresh_from_db()
    assert hook.state == "active"
    assert hook.secrets.count() == 1
    assert not hook.deliveries.exists()


def test_an_outsider_finds_none(hook: Webhook, place: Workspace) -> None:
    client = browser(factories.make_actor())

    assert hook.url not in client.get(LIST).content.decode()
    assert client.get(LIST, {"workspace": place.slug}).status_code == 404
    for address in (
        at(hook),
        *(at(hook, verb) for verb in VERBS if verb not in {"ping", "replay"}),
    ):
        assert client.get(address).status_code == 404
    for verb in VERBS:
        assert client.post(at(hook, verb)).status_code == 404


def test_pages_take_as_many_queries_with_many_rows_as_with_few(
    hook: Webhook, place: Workspace, keeper: Actor
) -> None:
    client = browser(keeper)

    def queries() -> list[int]:
        found = []
        for address in (LIST, at(hook)):
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            found.append(len(captured))
        return found

    factories.make_prompt(place, actor=keeper)
    tell()
    client.get(LIST)
    few = queries()
    for _ in range(5):
        factories.make_prompt(place, actor=keeper)
        managing.create(actor=keeper, workspace=place.slug, url=hook.url, events=["*"])
    tell()

    assert queries() == few
    assert max(few) <= 30
