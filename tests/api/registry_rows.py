"""The matrix of the addresses under /api/registry/."""

from __future__ import annotations

from tests.api.rows import CREATED_BY_ALL, SIGNED_IN, WHATEVER_IS_THERE, WHO_SEES_IT, row
from tests.api.world import World
from tests.factories import MODEL_SPEC


def a_promotion(world: World) -> dict[str, str]:
    return {
        "source": world.at["ref"],
        "target": world.prod.slug,
        "alias": "production",
        "reason": "T-2",
    }


REGISTRY = (
    row("GET", "registry/workspaces/", SIGNED_IN),
    row(
        "POST",
        "registry/workspaces/",
        "401 403 403 403 403 403 403 403 201",
        body=lambda world: {"slug": "new", "title": "New", "stage": "staging"},
    ),
    row("GET", "registry/workspaces/<slug:slug>/", WHO_SEES_IT, "workspace"),
    row(
        "PATCH",
        "registry/workspaces/<slug:slug>/",
        "401 404 403 403 403 403 403 200 200",
        "workspace",
        body=lambda world: {"title": "Another"},
        headers=WHATEVER_IS_THERE,
    ),
    row("GET", "registry/workspaces/<slug:slug>/promotion-rule/", WHO_SEES_IT, "workspace"),
    row(
        "PUT",
        "registry/workspaces/<slug:slug>/promotion-rule/",
        "401 404 403 403 403 403 403 200 200",
        "workspace",
        body=lambda world: {"required_approvals": 2},
    ),
    row("GET", "registry/members/", SIGNED_IN),
    row(
        "POST",
        "registry/members/",
        "401 400 403 403 403 403 403 201 201",
        body=lambda world: {
            "workspace": world.dev.slug,
            "role": "reader",
            "username": "the-newcomer",
        },
    ),
    row(
        "DELETE",
        "registry/members/<uuid:uuid>/",
        "401 404 403 403 403 403 403 204 204",
        "member",
    ),
    row("GET", "registry/tokens/", SIGNED_IN),
    row("POST", "registry/tokens/", CREATED_BY_ALL, body=lambda world: {"label": "ci"}),
    # The reader's own.
    row("DELETE", "registry/tokens/<uuid:uuid>/", "401 404 204 404 404 404 404 404 204", "token"),
    row("GET", "registry/assets/", SIGNED_IN),
    row("GET", "registry/assets/<uuid:uuid>/", WHO_SEES_IT, "asset"),
    row("GET", "registry/versions/", SIGNED_IN),
    row(
        "POST",
        "registry/versions/",
        "401 400 403 201 403 403 403 201 201",
        body=lambda world: {
            "workspace": world.dev.slug,
            "kind": "model",
            "name": "another",
            "spec": MODEL_SPEC,
        },
    ),
    row("GET", "registry/versions/<uuid:uuid>/", WHO_SEES_IT, "version"),
    row("GET", "registry/aliases/", SIGNED_IN),
    row(
        "POST",
        "registry/aliases/",
        "401 400 403 201 403 201 403 201 201",
        body=lambda world: {"asset": f"{world.dev.slug}/model/base", "alias": "best", "to": 1},
    ),
    row("GET", "registry/aliases/moves/", SIGNED_IN),
    row("GET", "registry/promotions/", SIGNED_IN),
    row(
        "POST",
        "registry/promotions/",
        "401 400 403 403 403 201 403 201 201",
        body=a_promotion,
    ),
    row(
        "POST",
        "registry/promotions/preview/",
        "401 400 403 403 403 200 403 200 200",
        body=a_promotion,
    ),
    row("GET", "registry/promotions/<uuid:uuid>/", WHO_SEES_IT, "promotion"),
    row(
        "POST",
        "registry/promotions/<uuid:uuid>/review/",
        "401 404 403 403 200 200 403 200 200",
        "promotion",
    ),
    row(
        "POST",
        "registry/promotions/<uuid:uuid>/rollback/",
        # It waits for approval: there is nothing to roll back yet.
        "401 404 403 403 403 409 403 409 409",
        "promotion",
        body=lambda world: {"reason": "worse than before"},
    ),
    row(
        "POST",
        "registry/promotions/<uuid:uuid>/withdraw/",
        "401 404 403 403 403 200 403 200 200",
        "promotion",
        body=lambda world: {"reason": "a mistake"},
    ),
    row("GET", "registry/approvals/", SIGNED_IN),
    row(
        "POST",
        "registry/approvals/",
        "401 404 403 403 201 403 403 201 201",
        body=lambda world: {
            "promotion": str(world.at["promotion"]),
            "decision": "approved",
            "binding": world.at["binding"],
        },
    ),
    row("GET", "registry/resolve/", WHO_SEES_IT, query="?ref={ref}"),
    row("GET", "registry/kinds/", SIGNED_IN),
    row("GET", "registry/kinds/<str:kind>/", SIGNED_IN, "kind"),
    row("GET", "registry/kinds/<str:kind>/schema/", SIGNED_IN, "kind"),
)
