"""Deliveries arrive signed, in order, at least once; or are dead letters that can be replayed."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.models import ConsumerCursor, JournalEntry, Task
from core.outbound import posting
from registry.models import Webhook, WebhookAttempt, WebhookDelivery, Workspace
from registry.services import aliases
from registry.services.webhooks import managing, queueing, replaying, sending
from registry.services.webhooks.managing import Keyed
from tests.factories import administrator, make_dataset, make_model, make_workspace, unique
from tests.registry.collaboration.receiver import (
    Answer,
    Receiver,
    drip,
    garbage,
    reset,
    status,
)
from tests.registry.collaboration.steps import deliver, pass_time, tell, work

pytestmark = pytest.mark.django_db
DELIVERED, DEAD, PENDING = "delivered", "dead", "pending"


def states() -> list[str]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_delivery_is_the_entry_signed_without_names_and_words_of_people(
    dev: Workspace, hook: Keyed, receiver: Receiver
) -> None:
    version = make_model(dev, name="bot")
    asset = f"{dev.slug}/model/bot"
    aliases.move(actor=administrator(), asset=asset, alias="best", to=1, reason="my words")

    deliver()

    registered, moved = receiver.calls
    entry = JournalEntry.objects.get(action="registry.alias.moved")
    assert (registered.path, registered.json["type"]) == (
        "/hook?key=1",
        "registry.version.registered",
    )
    assert registered.json["data"]["subject"]["digest"] == version.digest
    assert moved.id == str(entry.uuid) == moved.json["data"]["uuid"]
    assert moved.json["data"]["after"]["number"] == 1
    assert all(call.is_signed_with(hook.secret) for call in receiver.calls)
    assert abs(int(moved.headers["webhook-timestamp"]) - time.time()) < 120
    assert b"my words" not in moved.body
    assert set(moved.json["data"]["actor"]) == {"id", "kind", "via"}
    assert states() == [DELIVERED, DELIVERED]


def test_only_what_is_asked_for_of_the_own_workspace_and_from_now_on_is_sent(
    dev: Workspace, receiver: Receiver
) -> None:
    make_model(dev, name="before")
    managing.create(
        actor=administrator(),
        workspace=dev.slug,
        url=receiver.url,
        events=["registry.alias.moved"],
    )
    make_model(dev, name="bot")
    make_model(make_workspace(), name="bot", aliases=["best"])
    aliases.move(actor=administrator(), asset=f"{dev.slug}/model/bot", alias="best", to=1)

    deliver()

    assert receiver.actions == ["registry.alias.moved"]
    assert receiver.calls[0].json["data"]["subject"]["ref"] == f"{dev.slug}/model/bot@best"


def test_telling_the_journal_again_sends_nothing_twice(
    dev: Workspace, hook: Keyed, receiver: Receiver
) -> None:
    make_model(dev)
    deliver()

    ConsumerCursor.objects.update(seq=-1)
    deliver()

    assert len(receiver.calls) == 1


def test_a_receiver_that_is_away_gets_everything_in_order_when_it_is_back(
    dev: Workspace, hook: Keyed, receiver: Receiver
) -> None:
    receiver.rule = status(503, b"<h1>away</h1>\x00" + b"x" * 5_000)
    for _ in range(5):
        make_dataset(dev, name="tickets")
    deliver()
    assert len(receiver.calls) == 1
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status, attempt.answer[:13]) == (503, "<h1>away</h1>")
    assert len(attempt.answer) <= 1_024
    first = Webhook.objects.get().next_try_at
    assert first is not None
    assert Task.objects.get(name="registry.deliver_webhook", state="queued").run_after == first

    receiver.rule = status(200)
    work()
    assert len(receiver.calls) == 1
    pass_time()
    work()

    assert [call.json["data"]["data"]["number"] for call in receiver.calls] == [1, 1, 2, 3, 4, 5]
    assert states() == [DELIVERED] * 5
    assert Webhook.objects.get().failing_since is None


@pytest.mark.parametrize(
    ("rule", "error"),
    [(reset, "Error"), (garbage, "BadStatusLine"), (status(500), ""), (status(429), "")],
)
def test_whatever_goes_wrong_is_on_record_and_tried_again(
    hook: Keyed, receiver: Receiver, rule: Answer, error: str
) -> None:
    receiver.rule = rule
    make_model(hook.webhook.workspace)
    deliver()

    attempt = WebhookAttempt.objects.get()
    assert error in attempt.error
    assert states() == [PENDING]
    receiver.rule = status(200)
    pass_time()
    work()
    assert states() == [DELIVERED]
    assert receiver.calls[0].id == receiver.calls[1].id
    assert receiver.calls[0].body == receiver.calls[1].body


@pytest.mark.parametrize("rule", [drip, lambda call, handler: time.sleep(60)])
def test_a_slow_receiver_is_given_up_in_time(
    hook: Keyed, receiver: Receiver, rule: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LIMITS", posting.Limits(total_seconds=0.4))
    receiver.rule = rule
    make_model(hook.webhook.workspace)

    started = time.monotonic()
    deliver()

    assert time.monotonic() - started < 30
    attempt = WebhookAttempt.objects.get()
    assert "no answer within 0.4 seconds" in attempt.error
    assert 300 < attempt.milliseconds < 30_000


def test_a_delivery_that_is_refused_is_a_dead_letter_and_the_rest_goes_on(
    dev: Workspace, hook: Keyed, receiver: Receiver
) -> None:
    def rule(call: Any, handler: Any) -> None:
        status(422 if call.json["data"]["data"]["number"] == 2 else 200)(call, handler)

    receiver.rule = rule
    for _ in range(3):
        make_dataset(dev, name="tickets")

    deliver()

    assert states() == [DELIVERED, DEAD, DELIVERED]
    receiver.rule = status(200)
    assert replaying.replay(actor=administrator(), webhook=hook.webhook.uuid) == 1
    work()
    assert states() == [DELIVERED] * 3
    assert receiver.calls[-1].json["data"]["data"]["number"] == 2


def test_a_delivery_that_fails_ten_times_is_a_dead_letter_and_pauses_grow_to_two_hours(
    dev: Workspace, hook: Keyed, receiver: Receiver
) -> None:
    receiver.rule = status(500)
    make_model(dev)
    tell()
    pauses = []
    for _ in range(sending.MAX_ATTEMPTS):
        work()
        until = Webhook.objects.get().next_try_at
        assert until is not None
        pauses.append(until - timezone.now())
        pass_time()

    assert timedelta(seconds=3) < pauses[0] < timedelta(seconds=7)
    assert pauses[0] < pauses[1] < pauses[2] < pauses[3]
    assert timedelta(minutes=119) < pauses[-1] <= timedelta(minutes=144)
    assert states() == [DEAD]
    assert WebhookAttempt.objects.count() == len(receiver.calls) == sending.MAX_ATTEMPTS


def test_a_receiver_that_is_gone_or_fails_for_days_is_switched_off_and_that_is_journalled(
    dev: Workspace, hook: Keyed, receiver: Receiver
) -> None:
    receiver.rule = status(410)
    make_model(dev)
    deliver()
    assert Webhook.objects.get().state_reason == "the receiver answered 410 Gone"
    make_model(dev)
    deliver()
    assert len(receiver.calls) == 1

    receiver.rule = status(500)
    managing.switch(actor=administrator(), webhook=hook.webhook.uuid, enabled=True)
    work()
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=3, minutes=1))
    pass_time()
    work()

    assert Webhook.objects.get().state == "disabled"
    disabled = JournalEntry.objects.filter(action="registry.webhook.disabled")
    assert [entry.actor_kind for entry in disabled] == ["system", "system"]
    receiver.rule = status(200)
    managing.switch(actor=administrator(), webhook=hook.webhook.uuid, enabled=True)
    work()
    assert states() == [DELIVERED]


def test_the_sweep_starts_delivery_where_it_came_to_a_halt(
    dev: Workspace, hook: Keyed, receiver: Receiver
) -> None:
    make_model(dev)
    tell()
    Task.objects.filter(name="registry.deliver_webhook").update(state="failed")

    assert queueing.sweep() == 1
    work()

    assert states() == [DELIVERED]
    assert queueing.sweep() == 0


def test_a_redirect_is_not_followed_wherever_it_leads(
    dev: Workspace, hook: Keyed, receiver: Receiver
) -> None:
    for place in ("http://169.254.169.254/latest/meta-data/", receiver.url):
        receiver.calls.clear()
        receiver.rule = status(307, Location=place)
        make_model(dev, name=unique("bot"))
        deliver()

        assert len(receiver.calls) == 1
        assert WebhookAttempt.objects.latest("pk").status == 307
        pass_time()
