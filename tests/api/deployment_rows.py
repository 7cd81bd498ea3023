"""The matrix of the addresses of deployments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from registry.services.deployments import revisions, states
from registry.services.serving import baselines, drift_checks, samples, thresholds, windows
from tests.api.rows import SIGNED_IN, WHO_SEES_IT, Row, row
from tests.factories import MODEL_SPEC, administrator, make_version, reference

if TYPE_CHECKING:
    from tests.api.world import World

AT = "registry/deployments/<uuid:uuid>/"
DRIFT = "registry/drift-checks/<uuid:uuid>/"
DEPLOYS = "401 404 403 403 403 201 403 201 201"
MIGHT = "401 400 200 200 200 200 200 200 200"
CHANGES = "401 404 403 403 403 200 403 200 200"


def a_deployment(world: World) -> dict[str, Any]:
    return {
        "workspace": world.dev.slug,
        "name": "another",
        "members": [{"version": world.at["served"], "traffic": 100}],
    }


def some_windows(world: World) -> dict[str, Any]:
    start = datetime(2026, 1, 2, 3, tzinfo=UTC)
    window = {
        "version": world.at["served"],
        "start": start.isoformat(),
        "end": (start + timedelta(hours=1)).isoformat(),
        "requests": 10,
    }
    return {"source": "gateway", "windows": [window]}


def some_samples(world: World) -> dict[str, Any]:
    now = timezone.now()
    sample = {
        "external_id": "request-1",
        "version": world.at["served"],
        "occurred_at": now.isoformat(),
        "retain_until": (now + timedelta(days=1)).isoformat(),
        "has_personal_data": False,
    }
    return {"source": "gateway", "samples": [sample]}


THRESHOLD = {"name": "failures", "measure": "error_rate", "period": "day", "bound": "0.05"}

BASELINE = {"feature": "length", "values": [1.0, 2.0, 3.0]}
OWN_VALUE = {
    "window_start": "2026-01-02T03:00:00Z",
    "window_end": "2026-01-02T04:00:00Z",
    "value": 0.5,
    "samples": 40,
}


def a_comparison(world: World) -> dict[str, Any]:
    return {"name": "another", "method": "ks", "bound": 0.2, "baseline": world.at["baseline"]}


ROWS: tuple[Row, ...] = (
    row("GET", "registry/deployments/", SIGNED_IN),
    row("POST", "registry/deployments/", "401 400 403 403 403 201 403 201 201", body=a_deployment),
    row("GET", AT, WHO_SEES_IT, "deployment"),
    row("GET", "registry/deployments/schema/", SIGNED_IN),
    row("GET", "registry/deployments/serving/", SIGNED_IN),
    row("GET", "registry/deployments/exposure/", WHO_SEES_IT, query="?ref={served}"),
    row("GET", f"{AT}revisions/", WHO_SEES_IT, "deployment"),
    row(
        "POST",
        f"{AT}revisions/",
        DEPLOYS,
        "deployment",
        body=lambda world: {"configuration": {"region": "north"}, "reason": "closer"},
    ),
    row("POST", f"{AT}rollback/", DEPLOYS, "deployment", body=lambda world: {"to": 1}),
    row("GET", f"{AT}states/", WHO_SEES_IT, "deployment"),
    row("POST", f"{AT}states/", DEPLOYS, "deployment", body=lambda world: {"state": "degraded"}),
    row("POST", f"{AT}stop/", CHANGES, "deployment", body=lambda world: {"reason": "incident"}),
    row("POST", f"{AT}start/", CHANGES, "stopped", body=lambda world: {"reason": "mended"}),
    row("GET", f"{AT}windows/", WHO_SEES_IT, "deployment"),
    row("POST", f"{AT}windows/", DEPLOYS, "deployment", body=some_windows),
    row("GET", f"{AT}usage/", WHO_SEES_IT, "deployment"),
    row("GET", f"{AT}samples/", WHO_SEES_IT, "deployment"),
    row("POST", f"{AT}samples/", DEPLOYS, "deployment", body=some_samples),
    row("GET", f"{AT}thresholds/", WHO_SEES_IT, "deployment"),
    row("POST", f"{AT}thresholds/", DEPLOYS, "deployment", body=lambda world: THRESHOLD),
    row("POST", "registry/thresholds/<uuid:uuid>/end/", CHANGES, "threshold"),
    row("GET", f"{AT}baselines/", WHO_SEES_IT, "deployment"),
    row("POST", f"{AT}baselines/", DEPLOYS, "deployment", body=lambda world: BASELINE),
    row("GET", f"{AT}drift-checks/", WHO_SEES_IT, "deployment"),
    row("POST", f"{AT}drift-checks/", DEPLOYS, "deployment", body=a_comparison),
    row("POST", f"{DRIFT}end/", CHANGES, "drift_check"),
    row("POST", f"{DRIFT}measure/", "401 404 403 403 403 202 403 202 202", "drift_check"),
    row("GET", f"{DRIFT}results/", WHO_SEES_IT, "drift_check"),
    row("POST", f"{DRIFT}results/", DEPLOYS, "own_check", body=lambda world: OWN_VALUE),
    row("POST", f"{AT}check/", WHO_SEES_IT, "deployment", body=lambda world: {}),
    row("POST", "registry/deployments/check/", MIGHT, body=a_deployment),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    admin = administrator()
    served = make_version(world.dev, "model", MODEL_SPEC, name="served")
    members = [{"version": reference(served), "traffic": 100}]
    made = {
        name: revisions.create(
            actor=admin, workspace=world.dev.slug, name=name, members=members
        ).deployment
        for name in ("deployment", "stopped")
    }
    running = made["deployment"].uuid
    revisions.revise(actor=admin, deployment=running, endpoint="https://served.example")
    states.report(actor=admin, deployment=running, state="running")
    states.stop(actor=admin, deployment=made["stopped"].uuid)
    bound = thresholds.Bound(measure="error_rate", period="day", bound="0.1")
    world.at["threshold"] = thresholds.set_threshold(
        actor=admin, deployment=running, name="errors", bound=bound
    ).uuid
    world.at |= {name: deployment.uuid for name, deployment in made.items()}
    world.at["served"] = reference(served)
    baseline = baselines.pin(actor=admin, deployment=running, feature="length", values=[1.0, 2.0])
    world.at["baseline"] = str(baseline.uuid)
    comparisons = {
        "drift_check": drift_checks.Comparison(method="psi", bound=0.2, baseline=baseline.uuid),
        "own_check": drift_checks.Comparison(method="own", bound=0.2, evaluator="drift-tool"),
    }
    for name, comparison in comparisons.items():
        world.at[name] = drift_checks.set_drift_check(
            actor=admin, deployment=running, name=name, comparison=comparison
        ).uuid
    for collect, batch in ((windows.report, some_windows), (samples.collect, some_samples)):
        collect(actor=admin, deployment=running, **_parsed(batch(world)))


def _parsed(batch: dict[str, Any]) -> dict[str, Any]:
    """What a serializer makes of the times of a body."""
    times = {"start", "end", "occurred_at", "retain_until"}
    (name,) = set(batch) - {"source"}
    rows = [
        {key: parse_datetime(value) if key in times else value for key, value in row.items()}
        for row in batch[name]
    ]
    return {"source": "the world", name: rows}
