"""Every address under /api, every method, every caller: the status that must come back.

The statuses of a row are literals in the order of ``CALLERS``: anonymous, outsider, reader,
author, approver, deployer, auditor, admin (of the workspace), administrator (of the organisation).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.api.world import World
from tests.factories import MODEL_SPEC
from tests.policies import estate

Body = Callable[[World], Any]


@dataclass(frozen=True)
class Row:
    """``at`` names what of the world stands for the address's parameters, in order."""

    method: str
    route: str
    statuses: str
    body: Body | None = None
    at: tuple[str, ...] = ()
    query: str = ""

    @property
    def expected(self) -> list[int]:
        return [int(status) for status in self.statuses.split()]


def row(method: str, route: str, statuses: str, *at: str, **options: Any) -> Row:
    return Row(method, f"api/{route}", statuses, at=at, **options)


EVERYBODY = "200 200 200 200 200 200 200 200 200"
SIGNED_IN = "401 200 200 200 200 200 200 200 200"
WHO_SEES_IT = "401 404 200 200 200 200 200 200 200"
CREATED_BY_ALL = "401 201 201 201 201 201 201 201 201"
ADMINISTRATOR = "401 403 403 403 403 403 403 403 201"


def a_policy(world: World) -> dict[str, str]:
    kinds = (f"configuration/{estate.WORKSPACE_TYPE}",)
    text = estate.source(estate.CLOSED_RULE, package="matrix_policy", kinds=kinds)
    return {"name": "matrix-policy", "source": text}


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
        body=lambda world: {"promotion": str(world.at["promotion"]), "decision": "approved"},
    ),
    row("GET", "registry/resolve/", WHO_SEES_IT, query="?ref={ref}"),
    row("GET", "registry/kinds/", SIGNED_IN),
    row("GET", "registry/kinds/<str:kind>/", SIGNED_IN, "kind"),
    row("GET", "registry/kinds/<str:kind>/schema/", SIGNED_IN, "kind"),
)

LINEAGE = (
    row("GET", "lineage/graph/", WHO_SEES_IT, query="?node={ref}"),
    row("GET", "lineage/events/", SIGNED_IN),
    row("GET", "lineage/events/<uuid:uuid>/", WHO_SEES_IT, "event"),
    row(
        "GET", "lineage/schemas/<str:facet>/<str:version>.json", EVERYBODY, "facet", "facet_version"
    ),
)

POLICIES = (
    row("GET", "policies/policies/", SIGNED_IN),
    row("POST", "policies/policies/", ADMINISTRATOR, body=a_policy),
    row("GET", "policies/policies/<uuid:uuid>/", SIGNED_IN, "policy"),
    row("GET", "policies/versions/", SIGNED_IN),
    row("GET", "policies/versions/<uuid:uuid>/", SIGNED_IN, "policy_version"),
    row(
        "POST",
        "policies/versions/<uuid:uuid>/check/",
        "401 403 403 403 403 403 403 403 200",
        "policy_version",
    ),
    row("GET", "policies/sets/", SIGNED_IN),
    row(
        "POST",
        "policies/sets/",
        ADMINISTRATOR,
        body=lambda world: {
            "name": "another-set",
            "title": "Another",
            "members": [{"policy": world.at["policy_reference"]}],
        },
    ),
    row("GET", "policies/sets/<uuid:uuid>/", SIGNED_IN, "set"),
    row("GET", "policies/sets/<uuid:uuid>/versions/", SIGNED_IN, "set"),
    row("GET", "policies/assignments/", SIGNED_IN),
    row(
        "POST",
        "policies/assignments/",
        "401 400 403 403 403 403 403 201 201",
        body=lambda world: {
            "scope": f"workspace/{world.prod.slug}",
            "policy": world.at["policy_reference"],
            "effect": "audit",
        },
    ),
    row("GET", "policies/assignments/<uuid:uuid>/", WHO_SEES_IT, "assignment"),
    row(
        "POST",
        "policies/assignments/<uuid:uuid>/end/",
        "401 404 403 403 403 403 403 200 200",
        "assignment",
        body=lambda world: {"reason": "over"},
    ),
    row("GET", "policies/exemptions/", SIGNED_IN),
    row(
        "POST",
        "policies/exemptions/",
        "401 400 201 201 201 201 201 201 201",
        body=lambda world: {
            "assignment": str(world.at["assignment"]),
            "workspace": world.dev.slug,
            "category": "waiver",
            "reason": "for a while",
            "expires_at": (timezone.now() + timedelta(days=9)).isoformat(),
        },
    ),
    row("GET", "policies/exemptions/<uuid:uuid>/", WHO_SEES_IT, "exemption"),
    row(
        "POST",
        "policies/exemptions/<uuid:uuid>/grant/",
        "401 404 403 403 403 403 403 200 200",
        "exemption",
        body=lambda world: {"reason": "fine"},
    ),
    row(
        "POST",
        "policies/exemptions/<uuid:uuid>/end/",
        "401 404 403 200 403 403 403 200 200",  # the author asked for it
        "exemption",
        body=lambda world: {"reason": "over"},
    ),
    row("GET", "policies/resources/", SIGNED_IN),
    row("GET", "policies/resources/<uuid:uuid>/", WHO_SEES_IT, "resource"),
    row(
        "POST",
        "policies/resources/<uuid:uuid>/retire/",
        "401 404 403 403 403 403 403 200 200",
        "resource",
        body=lambda world: {"reason": "gone"},
    ),
    row("GET", "policies/snapshots/", SIGNED_IN),
    row(
        "POST",
        "policies/snapshots/",
        "401 400 403 403 403 201 403 201 201",
        body=lambda world: {
            "workspace": world.dev.slug,
            "source": "acme",
            "type": estate.WORKSPACE_TYPE,
            "external_id": "acme-2",
            "document": estate.CLOSED,
        },
    ),
    row("GET", "policies/snapshots/<uuid:uuid>/", WHO_SEES_IT, "snapshot"),
    row("GET", "policies/decisions/", SIGNED_IN),
    row("GET", "policies/decisions/<uuid:uuid>/", WHO_SEES_IT, "decision"),
    row(
        "POST",
        "policies/decisions/<uuid:uuid>/replay/",
        "401 404 403 403 403 403 200 200 200",
        "decision",
    ),
)

AUDITS = (
    row("GET", "audits/trail/", SIGNED_IN),
    row("GET", "audits/trail/export/", SIGNED_IN, query="?format=csv"),
    row("GET", "audits/trail/<uuid:uuid>/", "401 404 404 404 404 404 200 200 200", "entry"),
    row("GET", "audits/scans/", SIGNED_IN),
    row(
        "POST",
        "audits/scans/",
        "401 400 403 403 403 403 202 202 202",
        body=lambda world: {"workspaces": [world.dev.slug]},
    ),
    row("GET", "audits/scans/<uuid:uuid>/", "401 404 404 404 404 404 200 200 200", "scan"),
    row("GET", "audits/scans/<uuid:uuid>/results/", "401 404 404 404 404 404 200 200 200", "scan"),
    row("GET", "audits/findings/", SIGNED_IN),
    row("GET", "audits/findings/<uuid:uuid>/", WHO_SEES_IT, "finding"),
    row("GET", "audits/reports/", SIGNED_IN),
    row(
        "POST",
        "audits/reports/",
        "401 400 403 403 403 403 202 202 202",
        body=lambda world: {"workspaces": [world.dev.slug], "formats": ["json"]},
    ),
    row("GET", "audits/reports/<uuid:uuid>/", "401 404 404 404 404 404 200 200 200", "report"),
    row(
        "GET",
        "audits/reports/<uuid:uuid>/download/",
        "401 404 404 404 404 404 200 200 200",
        "report",
        query="?format=json",
    ),
)

DESCRIPTION = (row("GET", "schema/", EVERYBODY), row("GET", "docs/", EVERYBODY))

AREAS: dict[str, tuple[Row, ...]] = {
    "description": DESCRIPTION,
    "registry": REGISTRY,
    "lineage": LINEAGE,
    "policies": POLICIES,
    "audits": AUDITS,
}
