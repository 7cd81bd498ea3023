"""The matrix of the addresses of owners, comments, assignments, watches, notifications and
webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.consumers import drain
from core.sequencer import sequence_pending
from registry.consumer.notifications import NotificationConsumer
from registry.models import Notification
from registry.services import assignments, comments, owners, watches
from registry.services.webhooks import managing, replaying
from tests.api.rows import SIGNED_IN, WHO_SEES_IT, Row, row
from tests.factories import administrator

if TYPE_CHECKING:
    from tests.api.world import World

# Who administers the workspace; of others, those who may see it know that there is something.
MANAGED = "401 404 403 403 403 403 403 200 200"
ADMIN_SEES = "401 404 404 404 404 404 404 200 200"
# Everybody who sees the workspace may comment there.
SAID_BY_ALL = "401 400 201 201 201 201 201 201 201"


def an_endpoint(world: World) -> dict[str, object]:
    return {"workspace": world.dev.slug, "url": "https://hooks.example/x", "events": ["*"]}


OWNERS: tuple[Row, ...] = (
    row("GET", "registry/owners/", SIGNED_IN),
    row(
        "POST",
        "registry/owners/",
        "401 400 403 201 403 403 403 201 201",
        body=lambda world: {"asset": f"{world.dev.slug}/model/base", "username": "the-author"},
    ),
    row(
        "GET",
        "registry/owners/current/",
        WHO_SEES_IT,
        query="?asset={asset_ref}",
    ),
    row("DELETE", "registry/owners/<uuid:uuid>/", "401 404 403 204 403 403 403 204 204", "owner"),
    row("GET", "registry/watches/", SIGNED_IN),
    row(
        "POST",
        "registry/watches/",
        # The reader watches the workspace already.
        "401 400 409 201 201 201 201 201 201",
        body=lambda world: {"workspace": world.dev.slug},
    ),
    # The reader's own.
    row("DELETE", "registry/watches/<uuid:uuid>/", "401 404 204 404 404 404 404 404 404", "watch"),
)
TALK: tuple[Row, ...] = (
    row("GET", "registry/comments/", SIGNED_IN),
    row(
        "POST",
        "registry/comments/",
        SAID_BY_ALL,
        body=lambda world: {"version": world.at["ref"], "text": "Which data was this?"},
    ),
    row("GET", "registry/comments/<uuid:uuid>/", WHO_SEES_IT, "comment"),
    # The reader's own.
    row(
        "PATCH",
        "registry/comments/<uuid:uuid>/",
        "401 404 200 403 403 403 403 403 403",
        "comment",
        body=lambda world: {"text": "Other words"},
    ),
    row(
        "DELETE",
        "registry/comments/<uuid:uuid>/",
        "401 404 200 403 403 403 403 200 200",
        "comment",
    ),
    row("GET", "registry/comments/<uuid:uuid>/revisions/", WHO_SEES_IT, "comment"),
    row("GET", "registry/assignments/", SIGNED_IN),
    row(
        "POST",
        "registry/assignments/",
        SAID_BY_ALL,
        body=lambda world: {
            "asset": f"{world.dev.slug}/model/base",
            "kind": "task",
            "assignee": "the-author",
        },
    ),
    row("GET", "registry/assignments/<uuid:uuid>/", WHO_SEES_IT, "work"),
    # The author was asked by the reader.
    row(
        "POST",
        "registry/assignments/<uuid:uuid>/close/",
        "401 404 200 200 403 403 403 200 200",
        "work",
        body=lambda world: {"outcome": "done"},
    ),
    row("GET", "registry/notifications/", SIGNED_IN),
    row("GET", "registry/notifications/unread/", SIGNED_IN),
    # The reader's own.
    row(
        "POST",
        "registry/notifications/<uuid:uuid>/read/",
        "401 404 200 404 404 404 404 404 404",
        "notification",
    ),
    row(
        "POST",
        "registry/notifications/read-all/",
        "401 200 200 200 200 200 200 200 200",
        body=lambda world: {},
    ),
)
WEBHOOKS: tuple[Row, ...] = (
    row("GET", "registry/webhooks/", SIGNED_IN),
    row(
        "POST",
        "registry/webhooks/",
        "401 400 403 403 403 403 403 201 201",
        body=an_endpoint,
    ),
    row("GET", "registry/webhooks/<uuid:uuid>/", ADMIN_SEES, "webhook"),
    row(
        "PATCH",
        "registry/webhooks/<uuid:uuid>/",
        MANAGED,
        "webhook",
        body=lambda world: {"events": ["registry.alias.moved"]},
    ),
    row(
        "DELETE",
        "registry/webhooks/<uuid:uuid>/",
        "401 404 403 403 403 403 403 204 204",
        "webhook",
    ),
    row(
        "POST",
        "registry/webhooks/<uuid:uuid>/disable/",
        MANAGED,
        "webhook",
        body=lambda world: {},
    ),
    row(
        "POST",
        "registry/webhooks/<uuid:uuid>/enable/",
        # It is switched on already.
        "401 404 403 403 403 403 403 409 409",
        "webhook",
        body=lambda world: {},
    ),
    row("POST", "registry/webhooks/<uuid:uuid>/rotate/", MANAGED, "webhook", body=lambda world: {}),
    row(
        "POST",
        "registry/webhooks/<uuid:uuid>/ping/",
        "401 404 403 403 403 403 403 202 202",
        "webhook",
    ),
    row(
        "POST",
        "registry/webhooks/<uuid:uuid>/replay/",
        "401 404 403 403 403 403 403 202 202",
        "webhook",
        body=lambda world: {},
    ),
    row("GET", "registry/webhook-deliveries/", SIGNED_IN),
    row("GET", "registry/webhook-deliveries/<uuid:uuid>/", ADMIN_SEES, "delivery"),
)
ROWS: tuple[Row, ...] = (*OWNERS, *TALK, *WEBHOOKS)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    reader, admin = world.actors["reader"], administrator()
    asset = f"{world.dev.slug}/model/base"
    owner = owners.add(actor=admin, asset=asset, username="the-approver")
    watch = watches.start(actor=reader, workspace=world.dev.slug)
    said = comments.add(actor=reader, about={"version": world.at["ref"]}, text="Tell me more")
    asked = assignments.assign(
        actor=reader, about={"asset": asset}, kind="review", assignee="the-author"
    )
    hook = managing.create(
        actor=admin, workspace=world.dev.slug, url="https://hooks.example/", events=["*"]
    ).webhook
    comments.add(actor=admin, about={"asset": asset}, text="Watched by the reader")
    sequence_pending()
    while drain(NotificationConsumer()):
        pass
    world.at |= {
        "asset_ref": asset,
        "owner": owner.uuid,
        "watch": watch.uuid,
        "comment": said.uuid,
        "work": asked.uuid,
        "webhook": hook.uuid,
        "delivery": replaying.ping(actor=admin, webhook=hook.uuid).uuid,
        "notification": Notification.objects.filter(user=reader.user).latest("id").uuid,
    }
