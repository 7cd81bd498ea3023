"""The matrix of the addresses of lineage, policies and audits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.api.rows import ADMINISTRATOR, EVERYBODY, SIGNED_IN, WHO_SEES_IT, row
from tests.api.world import World
from tests.policies import estate


def a_policy(world: World) -> dict[str, Any]:
    kinds = (f"configuration/{estate.WORKSPACE_TYPE}",)
    text = estate.source(estate.CLOSED_RULE, package="matrix_policy", kinds=kinds)
    return {"name": "matrix-policy", "source": text, "fixtures": estate.CLOSED_FIXTURES}


def a_trial(world: World) -> dict[str, Any]:
    text = estate.source(estate.CLOSED_RULE, package="matrix_trial", kinds=("configuration",))
    return {"source": text, "input": estate.configuration_input(estate.OPEN)}


# The outsider administers a workspace of their own, and so may assign policies there.
WHO_TRIES = "401 200 403 403 403 403 403 200 200"
OPERATOR_READS = "401 403 403 403 403 403 403 403 200"
ASKERS_OWN = "401 404 404 404 404 404 404 404 200"
WHO_NAMES_IT = "401 400 200 200 200 200 200 200 200"
OPERATOR_ASKS = "401 403 403 403 403 403 403 403 202"

LINEAGE = (
    row("GET", "lineage/graph/", WHO_SEES_IT, query="?node={ref}"),
    row("GET", "lineage/paths/", WHO_SEES_IT, query="?start={ref}&end={ref}"),
    row("GET", "lineage/reach/", WHO_SEES_IT, query="?node={ref}"),
    row("GET", "lineage/runs/<uuid:uuid>/", WHO_SEES_IT, "lineage_run"),
    row("GET", "lineage/columns/", WHO_SEES_IT, query="?namespace=s3://outside&dataset=raw"),
    row("GET", "lineage/questions/training-data/", WHO_SEES_IT, query="?node={ref}"),
    row("GET", "lineage/questions/impact/", WHO_SEES_IT, query="?node={ref}"),
    row("GET", "lineage/questions/changes/", WHO_SEES_IT, query="?before={ref}&after={ref}"),
    row("GET", "lineage/questions/fed-production/", SIGNED_IN),
    row("GET", "lineage/questions/unknown-origins/", SIGNED_IN),
    row("GET", "lineage/exports/<str:target>/", WHO_SEES_IT, "datahub", query="?node={ref}"),
    row("GET", "lineage/events/", SIGNED_IN),
    row("GET", "lineage/received/", SIGNED_IN),
    row("GET", "lineage/received/<uuid:uuid>/", WHO_SEES_IT, "received"),
    row("GET", "lineage/sinks/", OPERATOR_READS),
    row(
        "POST",
        "lineage/sinks/<str:name>/replay/",
        OPERATOR_ASKS,
        "sink",
        body=lambda world: {"since": "2020-01-01T00:00:00Z"},
    ),
    row("POST", "lineage/sinks/<str:name>/retry/", OPERATOR_ASKS, "sink"),
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
    row("GET", "policies/coverage/", SIGNED_IN),
    row("GET", "policies/coverage/<str:framework>/", SIGNED_IN, "framework"),
    row("POST", "policies/versions/<uuid:uuid>/test/", WHO_TRIES, "policy_version"),
    row("GET", "policies/versions/<uuid:uuid>/bundle/", SIGNED_IN, "policy_version"),
    row("POST", "policies/playground/", WHO_TRIES, body=a_trial),
    # The body is JSON here, and so is no archive: whoever may import is told that.
    row("POST", "policies/imports/", "401 403 403 403 403 403 403 403 400", body=a_policy),
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
    row("GET", "policies/sets/<uuid:uuid>/bundle/", SIGNED_IN, "set"),
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
    row(
        "POST",
        "policies/assignments/<uuid:uuid>/enforcement/",
        "401 404 403 403 403 403 403 200 200",
        "assignment",
        body=lambda world: {"is_enforced": True, "percent": 10},
    ),
    row("GET", "policies/what-ifs/", SIGNED_IN),
    row(
        "POST",
        "policies/what-ifs/",
        "401 400 403 403 403 403 403 202 202",
        body=lambda world: {
            "scope": f"workspace/{world.dev.slug}",
            "policy": world.at["policy_reference"],
            "effect": "audit",
        },
    ),
    row("GET", "policies/what-ifs/<uuid:uuid>/", ASKERS_OWN, "what_if"),
    row("GET", "policies/what-ifs/<uuid:uuid>/results/", ASKERS_OWN, "what_if"),
    row("GET", "policies/what-ifs/<uuid:uuid>/export/", ASKERS_OWN, "what_if"),
    row(
        "POST",
        "policies/what-ifs/<uuid:uuid>/assign/",
        "401 404 404 404 404 404 404 404 201",
        "what_if",
        body=lambda world: {"reason": "as asked"},
    ),
    row("GET", "policies/posture/", WHO_NAMES_IT, query="?workspace={workspace}"),
    row("GET", "policies/attestations/", SIGNED_IN),
    row(
        "POST",
        "policies/attestations/",
        "401 400 403 403 403 403 403 201 201",
        body=lambda world: {
            "assignment": str(world.at["manual"]),
            "workspace": world.dev.slug,
            "state": "compliant",
            "expires_at": (timezone.now() + timedelta(days=9)).isoformat(),
        },
    ),
    row("GET", "policies/attestations/<uuid:uuid>/", WHO_SEES_IT, "attestation"),
    row(
        "GET",
        "policies/attestations/<uuid:uuid>/evidence/<uuid:evidence>/content/",
        WHO_SEES_IT,
        "attestation",
        "evidence",
    ),
    row(
        "POST",
        "policies/attestations/<uuid:uuid>/end/",
        "401 404 403 403 403 403 403 200 200",
        "attestation",
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
    row(
        "GET",
        "policies/snapshots/<uuid:uuid>/diff/",
        WHO_SEES_IT,
        "snapshot",
        query="?against={snapshot}",
    ),
    row("GET", "policies/snapshots/<uuid:uuid>/source/", WHO_SEES_IT, "uploaded"),
    row("GET", "policies/snapshots/formats/", SIGNED_IN),
    row(
        "POST",
        "policies/snapshots/uploads/",
        "401 400 403 403 403 201 403 201 201",
        body=lambda world: {
            "type": estate.WORKSPACE_TYPE,
            "external_id": "acme-3",
            "configuration": estate.CLOSED,
        },
        query="?workspace=matrix-dev&format=native",
    ),
    row("GET", "policies/decisions/", SIGNED_IN),
    row("GET", "policies/decisions/<uuid:uuid>/", WHO_SEES_IT, "decision"),
    row(
        "POST",
        "policies/decisions/<uuid:uuid>/replay/",
        "401 404 403 403 403 403 200 200 200",
        "decision",
    ),
    row(
        "GET",
        "policies/decisions/<uuid:uuid>/export/",
        "401 404 403 403 403 403 200 200 200",
        "decision",
    ),
)

AUDITS = (
    row("GET", "audits/trail/", SIGNED_IN),
    row("GET", "audits/trail/export/", SIGNED_IN, query="?format=csv"),
    row("GET", "audits/trail/<uuid:uuid>/", "401 404 404 404 404 404 200 200 200", "entry"),
    row("GET", "audits/trail/<uuid:uuid>/proof/", "401 404 404 404 404 404 200 200 200", "entry"),
    row("GET", "audits/permitted/", WHO_SEES_IT, query="?ref={ref}"),
    row("GET", "audits/checkpoints/", SIGNED_IN),
    row("GET", "audits/checkpoints/<int:size>/", SIGNED_IN, "checkpoint"),
    row("GET", "audits/checkpoints/newest/", SIGNED_IN),
    row("GET", "audits/checkpoints/keys/", SIGNED_IN),
    row("GET", "audits/checkpoints/consistency/", SIGNED_IN, query="?first={checkpoint}"),
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
