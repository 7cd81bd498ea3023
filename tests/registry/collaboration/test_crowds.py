"""Crowds are told in batches, and what is old is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.actors import Actor
from core.models import Task, User
from core.tasks import claim, enqueue
from registry.models import Notification, Watch, Workspace, WorkspaceUserObjectPermission
from registry.services import (
    retention,
    watches,
)
from registry.services.notices import telling
from tests.factories import (
    make_dataset,
    make_model,
    member,
)
from tests.registry.collaboration.steps import tell, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(dev: Workspace) -> Actor:
    return member(dev, "author")


def a_crowd(dev: Workspace, count: int) -> None:
    """``count`` accounts that may see the workspace and watch it."""
    users = User.objects.bulk_create(User(username=f"crowd-{number}") for number in range(count))
    reader = member(dev, "reader")
    right = WorkspaceUserObjectPermission.objects.get(
        user=reader.user, permission__codename="view_workspace"
    ).permission
    WorkspaceUserObjectPermission.objects.bulk_create(
        WorkspaceUserObjectPermission(user=user, permission=right, content_object=dev)
        for user in users
    )
    Watch.objects.bulk_create(Watch(user=user, workspace=dev) for user in users)


def test_a_crowd_is_told_in_batches_that_go_on_after_a_crash(
    dev: Workspace, author: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH", 10)
    a_crowd(dev, 35)
    make_model(dev, actor=author)

    tell()
    assert Notification.objects.count() == 10
    task = Task.objects.get(name="registry.notify")
    work()
    assert Notification.objects.count() == 35

    # As after a crash between the last batch and the end of the task.
    enqueue("registry.notify", task.payload)
    work()
    assert Notification.objects.count() == 35


@pytest.mark.slow
def test_ten_thousand_watchers_hold_up_the_journal_for_one_batch_alone(
    dev: Workspace, author: Actor
) -> None:
    a_crowd(dev, 10_000)
    make_model(dev, actor=author)

    tell()
    assert Notification.objects.count() == telling.BATCH
    work()

    print(f"{Notification.objects.count():,} watchers told, {telling.BATCH} of them at once")
    assert Notification.objects.count() == 10_000


def test_old_notifications_are_forgotten(dev: Workspace, author: Actor) -> None:
    reader = member(dev, "reader")
    watches.start(actor=reader, workspace=dev.slug)
    make_dataset(dev, actor=author)
    tell()
    fresh = Notification.objects.get()
    copy: dict[str, Any] = {
        field.attname: getattr(fresh, field.attname)
        for field in fresh._meta.concrete_fields
        if field.attname not in {"id", "uuid", "user_id", "occurred_at"}
    }
    old = timezone.now() - timedelta(days=181)
    assert author.user is not None
    Notification.objects.create(user_id=author.user.pk, occurred_at=old, **copy)
    enqueue("registry.prune_collaboration")
    attempt = claim(task_uuid=Task.objects.get(name="registry.prune_collaboration").uuid)
    assert attempt is not None

    assert retention.prune(attempt)["notifications"] == 1
    assert Notification.objects.get() == fresh
