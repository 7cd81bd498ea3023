"""Webhooks are made by who administers the workspace, keep their secrets, and call nobody's own
network."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from core.models import IdempotentRequest, JournalEntry
from core.tasks import claim, enqueue
from registry.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookSecret, Workspace
from registry.services import retention
from registry.services.webhooks import managing, replaying, sending
from registry.services.webhooks.managing import Keyed
from tests.factories import administrator, make_model, member, token_client
from tests.registry.collaboration.receiver import Receiver
from tests.registry.collaboration.steps import deliver, pass_time, tell, work

pytestmark = pytest.mark.django_db
HOOKS = "/api/registry/webhooks/"


def body(dev: Workspace, **changes: Any) -> dict[str, Any]:
    return {
        "workspace": dev.slug,
        "url": "https://hooks.example/x?key=hidden",
        "events": ["registry.promotion.*"],
        **changes,
    }


def test_a_secret_is_shown_once_and_stored_nowhere_in_the_clear(dev: Workspace) -> None:
    client = token_client(administrator())
    key = {"Idempotency-Key": "once"}
    made = client.post(HOOKS, body(dev), format="json", headers=key)

    secret = made.json()["secret"]
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    assert secret.startswith("whsec_")
    assert "secret" not in client.get(f"{HOOKS}{made.json()['uuid']}/").json()
    stored = WebhookSecret.objects.get()
    assert secret.removeprefix("whsec_").encode() not in bytes(stored.sealed)
    entry = json.loads(bytes(JournalEntry.objects.get(action="registry.webhook.created").body))
    assert entry["data"]["host"] == "hooks.example"
    assert "hidden" not in json.dumps(entry)
    assert IdempotentRequest.objects.get().body is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "http://hooks.example/"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://[::1]:8443/"}, "url"),
        ({"url": "https://169.254.169.254/latest/meta-data/"}, "url"),
        ({"url": "https://user:word@hooks.example/"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "x" * 2_001}, "url"),
        ({"url": 5}, "url"),
        ({"events": []}, "events"),
        ({"events": ["registry.promotoin.completed"]}, "events"),
        ({"events": ["registry.pro*"]}, "events"),
        ({"events": ["*"] * 51}, "events"),
        ({"events": "*"}, "events"),
        ({"workspace": "nowhere"}, "workspace"),
        ({"secret": "mine"}, "secret"),
    ],
)
def test_a_wrong_webhook_is_told_what_is_wrong_and_leaves_nothing(
    dev: Workspace, changes: dict[str, Any], field: str
) -> None:
    answer = token_client(administrator()).post(HOOKS, body(dev, **changes), format="json")

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Webhook.objects.exists()


def test_who_may_not_change_the_workspace_neither_makes_nor_sees_webhooks(
    dev: Workspace, hook: Keyed
) -> None:
    author = member(dev, "author")

    with pytest.raises(AccessDenied):
        managing.create(actor=author, workspace=dev.slug, url="https://h.example/", events=["*"])
    assert token_client(author).get(HOOKS).json()["results"] == []
    scoped = token_client(administrator(), scopes=["view_workspace"])
    assert scoped.get(HOOKS).json()["results"] == []


def test_a_name_that_changes_its_meaning_after_it_was_taken_is_not_called(
    dev: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    made = managing.create(
        actor=administrator(),
        workspace=dev.slug,
        url=f"http://rebinding.example:{receiver.port}/",
        events=["*"],
    )
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    monkeypatch.setattr(sending, "system_resolver", rebinding)
    deliver()

    assert receiver.calls == []
    assert asked == ["rebinding.example"]
    attempt = WebhookAttempt.objects.latest("pk")
    assert "stands for 127.0.0.1, no address of the Internet" in attempt.error
    assert Webhook.objects.get(pk=made.webhook.pk).failing_since is not None


def test_a_name_is_looked_up_once_and_the_address_that_was_checked_is_called(
    dev: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    monkeypatch.setattr(sending, "system_resolver", lambda host, port: next(answers))
    managing.create(
        actor=administrator(),
        workspace=dev.slug,
        url=f"http://rebinding.example:{receiver.port}/",
        events=["registry.version.registered"],
    )
    make_model(dev)

    deliver()

    assert [call.headers["host"] for call in receiver.calls] == [
        f"rebinding.example:{receiver.port}"
    ]
    assert next(answers) == ["10.0.0.1"]


def test_no_proxy_of_the_environment_is_asked(
    dev: Workspace, hook: Keyed, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    make_model(dev)

    deliver()

    assert len(receiver.calls) == 1


def test_two_secrets_sign_while_they_overlap_and_one_after(
    dev: Workspace, hook: Keyed, receiver: Receiver
) -> None:
    uuid = hook.webhook.uuid
    second = managing.rotate(actor=administrator(), webhook=uuid, overlap_hours=1)
    make_model(dev)
    deliver()
    third = managing.rotate(actor=administrator(), webhook=uuid, overlap_hours=0)
    make_model(dev)
    deliver()

    overlapping, alone = receiver.calls
    assert overlapping.is_signed_with(hook.secret)
    assert overlapping.is_signed_with(second.secret)
    assert alone.is_signed_with(third.secret)
    assert not alone.is_signed_with(second.secret)
    assert WebhookSecret.objects.count() == 1
    with pytest.raises(InvalidInput, match="overlap_hours"):
        managing.rotate(actor=administrator(), webhook=uuid, overlap_hours=721)


def test_a_secret_that_cannot_be_read_any_more_is_told_and_nothing_is_sent_unsigned(
    dev: Workspace, hook: Keyed, receiver: Receiver, settings: Any
) -> None:
    make_model(dev)
    settings.SEALING_KEY = "another"
    deliver()
    assert receiver.calls == []
    assert "rotate the secret" in WebhookAttempt.objects.get().error

    renewed = managing.rotate(actor=administrator(), webhook=hook.webhook.uuid, overlap_hours=0)
    pass_time()
    work()
    assert receiver.calls[0].is_signed_with(renewed.secret)


def test_a_ping_is_sent_at_once_and_its_try_is_shown(hook: Keyed, receiver: Receiver) -> None:
    client = token_client(administrator())
    address = f"{HOOKS}{hook.webhook.uuid}/"

    queued = client.post(f"{address}ping/")
    work()

    assert queued.status_code == 202
    assert receiver.actions == ["muniment.webhook.ping"]
    assert receiver.calls[0].is_signed_with(hook.secret)
    shown = client.get(f"/api/registry/webhook-deliveries/{queued.json()['uuid']}/").json()
    assert (shown["state"], [item["status"] for item in shown["tries"]]) == ("delivered", [204])


def test_a_change_of_address_sends_what_waits_to_the_new_one(
    dev: Workspace, hook: Keyed, receiver: Receiver
) -> None:
    Webhook.objects.update(url="http://127.0.0.1:9/")
    make_model(dev)
    deliver()
    assert WebhookAttempt.objects.get().status is None

    changes = {"url": receiver.url}
    managing.change(actor=administrator(), webhook=hook.webhook.uuid, changes=changes)
    work()

    assert len(receiver.calls) == 1


def test_a_webhook_that_is_off_gets_nothing_and_one_that_is_deleted_is_gone(
    dev: Workspace, hook: Keyed, receiver: Receiver
) -> None:
    uuid, admin = hook.webhook.uuid, administrator()
    make_model(dev)
    tell()
    managing.switch(actor=admin, webhook=uuid, enabled=False)
    make_model(dev)
    deliver()
    assert receiver.calls == []
    for refused in (replaying.ping, replaying.replay):
        with pytest.raises(Conflict, match="switched off"):
            refused(actor=admin, webhook=uuid)

    managing.delete(actor=admin, webhook=uuid)

    assert not WebhookSecret.objects.exists()
    assert not WebhookDelivery.objects.exists()
    with pytest.raises(NotFound):
        managing.switch(actor=admin, webhook=uuid, enabled=True)


def test_the_log_is_kept_for_as_long_as_the_setting_says(
    dev: Workspace, hook: Keyed, receiver: Receiver, settings: Any
) -> None:
    settings.WEBHOOK_LOG_DAYS = 2
    for _ in range(3):
        make_model(dev)
    deliver()
    old = WebhookDelivery.objects.order_by("pk")[:2].values_list("pk", flat=True)
    past = timezone.now() - timedelta(days=2, minutes=1)
    WebhookDelivery.objects.filter(pk__in=list(old)).update(closed_at=past)
    attempt = claim(task_uuid=enqueue("registry.prune_collaboration").uuid)
    assert attempt is not None

    assert retention.prune(attempt)["deliveries"] == 2
    assert (WebhookDelivery.objects.count(), WebhookAttempt.objects.count()) == (1, 1)
