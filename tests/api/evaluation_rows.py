"""The matrix of the addresses of evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.services import experiments, metrics
from registry.services.runs import life
from tests.api.rows import SIGNED_IN, WHO_SEES_IT, Row, row

if TYPE_CHECKING:
    from tests.api.world import World

# Who may record in the workspace: authors and its administrators.
RECORDED = "401 404 403 200 403 403 403 200 200"
CREATED = "401 400 403 201 403 403 403 201 201"

ROWS: tuple[Row, ...] = (
    row("GET", "registry/metrics/", SIGNED_IN),
    row(
        "POST",
        "registry/metrics/",
        CREATED,
        body=lambda world: {
            "workspace": world.dev.slug,
            "name": "politeness",
            "evaluator_kind": "judged",
            "direction": "higher",
            "description": "How polite the answer is.",
        },
    ),
    row("GET", "registry/metrics/<uuid:uuid>/", WHO_SEES_IT, "metric"),
    row("GET", "registry/experiments/", SIGNED_IN),
    row(
        "POST",
        "registry/experiments/",
        CREATED,
        body=lambda world: {"workspace": world.dev.slug, "name": "another"},
    ),
    row("GET", "registry/experiments/<uuid:uuid>/", WHO_SEES_IT, "experiment"),
    row(
        "POST",
        "registry/experiments/<uuid:uuid>/conclude/",
        RECORDED,
        "experiment",
        body=lambda world: {"status": "refuted", "text": "it is no better"},
    ),
    row("GET", "registry/verdicts/", SIGNED_IN),
    row("GET", "registry/runs/", SIGNED_IN),
    row(
        "POST",
        "registry/runs/",
        "401 404 403 201 403 403 403 201 201",
        body=lambda world: {"experiment": str(world.at["experiment"])},
    ),
    row("GET", "registry/runs/<uuid:uuid>/", WHO_SEES_IT, "run"),
    row("GET", "registry/runs/<uuid:uuid>/metrics/", WHO_SEES_IT, "run"),
    row(
        "POST",
        "registry/runs/<uuid:uuid>/log-batch/",
        RECORDED,
        "run",
        body=lambda world: {"metrics": [{"key": "loss", "value": 0.5}]},
    ),
    row("POST", "registry/runs/<uuid:uuid>/finish/", RECORDED, "run", body=lambda world: {}),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    author = world.actors["author"]
    experiment = experiments.create(actor=author, workspace=world.dev.slug, name="shorter answers")
    experiments.conclude(
        actor=author, experiment=experiment.uuid, status="inconclusive", text="too few rows"
    )
    metric = metrics.define(
        actor=author,
        workspace=world.dev.slug,
        name="brevity",
        evaluator_kind="judged",
        direction="higher",
        description="How short the answer is.",
    )
    world.at |= {
        "metric": metric.uuid,
        "experiment": experiment.uuid,
        "run": life.start(actor=author, experiment=experiment.uuid).uuid,
    }
