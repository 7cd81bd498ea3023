"""The matrix of the addresses of evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.tasks import claim_and_run, enqueue
from registry.services import experiments, metrics, tracking_deletions
from registry.services.evaluations import request
from registry.services.reevaluation import rules
from registry.services.runs import life
from tests.api.rows import SIGNED_IN, WHATEVER_IS_THERE, WHO_SEES_IT, Row, row
from tests.factories import make_prompt

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from registry.models import Evaluation, Experiment, MetricDefinition
    from tests.api.world import World

# Who may record in the workspace: authors and its administrators.
RECORDED = "401 404 403 200 403 403 403 200 200"
CREATED = "401 400 403 201 403 403 403 201 201"
GONE = "401 404 403 204 403 403 403 204 204"


def _rows_of_life(kind: str) -> tuple[Row, ...]:
    """What becomes of experiments, and of runs in the same way."""
    one = f"registry/{kind}s/<uuid:uuid>/"
    tag = f"{one}tags/<path:key>/"
    deleted = f"deleted_{kind}"
    return (
        row(
            "PATCH",
            one,
            RECORDED,
            kind,
            body=lambda world: {"name": "renamed", "description": "Once more."},
            headers=WHATEVER_IS_THERE,
        ),
        row("DELETE", one, GONE, kind),
        row("POST", f"{one}restore/", RECORDED, deleted, body=lambda world: {}),
        row("PUT", tag, RECORDED, kind, "tracking_tag", body=lambda world: {"value": "blue"}),
        row("DELETE", tag, GONE, kind, "tracking_tag"),
    )


ROWS: tuple[Row, ...] = (
    row(
        "POST",
        "registry/versions/<uuid:uuid>/render/",
        WHO_SEES_IT,
        "prompt",
        body=lambda world: {"variables": {"question": "Why?"}},
    ),
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
    row("GET", "registry/assets/<uuid:uuid>/trend/", WHO_SEES_IT, "asset", query="?metric=cost"),
    row("GET", "registry/evaluations/", SIGNED_IN),
    row(
        "POST",
        "registry/evaluations/",
        CREATED,
        body=lambda world: {
            "workspace": world.dev.slug,
            "name": "another",
            "evaluates": world.at["ref"],
            "dataset": f"{world.dev.slug}/dataset/tickets/1",
        },
    ),
    row("GET", "registry/evaluations/<uuid:uuid>/", WHO_SEES_IT, "evaluation"),
    row("GET", "registry/evaluations/<uuid:uuid>/rows/", WHO_SEES_IT, "evaluation"),
    row(
        "DELETE",
        "registry/evaluations/<uuid:uuid>/texts/",
        "401 404 403 204 403 403 403 204 204",
        "evaluation",
    ),
    row(
        "PUT",
        "registry/evaluations/<uuid:uuid>/parts/",
        RECORDED,
        "waiting_evaluation",
        body=lambda world: {"id": "1"},
        query="?number=1",
    ),
    row(
        "POST",
        "registry/evaluations/<uuid:uuid>/submit/",
        "401 404 403 202 403 403 403 202 202",
        "waiting_evaluation",
        body=lambda world: {},
    ),
    row(
        "POST",
        "registry/evaluations/compare/",
        "401 400 200 200 200 200 200 200 200",
        body=lambda world: {
            "baseline": f"{world.dev.slug}/result/first/1",
            "variants": [f"{world.dev.slug}/result/second/1"],
        },
    ),
    row("GET", "registry/reevaluation-rules/", SIGNED_IN),
    row(
        "POST",
        "registry/reevaluation-rules/",
        CREATED,
        body=lambda world: {
            "asset": f"{world.dev.slug}/model/base",
            "dataset": f"{world.dev.slug}/dataset/tickets",
            "interval_days": 30,
        },
    ),
    row(
        "DELETE",
        "registry/reevaluation-rules/<uuid:uuid>/",
        "401 404 403 204 403 403 403 204 204",
        "reevaluation_rule",
    ),
    row("GET", "registry/reevaluation-requests/", SIGNED_IN),
    row("GET", "registry/reevaluation-requests/<uuid:uuid>/", WHO_SEES_IT, "reevaluation_request"),
    row(
        "POST",
        "registry/reevaluation-requests/<uuid:uuid>/close/",
        RECORDED,
        "reevaluation_request",
        body=lambda world: {"reason": "no budget"},
    ),
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
    *_rows_of_life("experiment"),
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
    *_rows_of_life("run"),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    author = world.actors["author"]
    experiment = experiments.create(
        actor=author,
        workspace=world.dev.slug,
        name="shorter answers",
        tags={"colour": "red"},
    )
    experiments.conclude(
        actor=author, experiment=experiment.uuid, status="inconclusive", text="too few rows"
    )
    first = _evaluation(world, "first", cost=1)
    _evaluation(world, "second", cost=2)
    rule = rules.set_rule(
        actor=author,
        asset=f"{world.dev.slug}/model/base",
        dataset=f"{world.dev.slug}/dataset/tickets",
        thresholds=[{"metric": "cost_mean", "evaluator": "muniment", "maximum": 0.5}],
    )
    enqueue("registry.request_reevaluations")
    while claim_and_run():
        pass
    world.at |= {
        "reevaluation_rule": rule.uuid,
        "reevaluation_request": rule.requests.get().uuid,
        "prompt": make_prompt(world.dev).uuid,
        "evaluation": first.uuid,
        "waiting_evaluation": _evaluation(world, "third").uuid,
        "metric": _metric(world).uuid,
        "experiment": experiment.uuid,
        "run": life.start(actor=author, experiment=experiment.uuid, tags={"colour": "red"}).uuid,
        "tracking_tag": "colour",
        **_deleted(author, experiment),
    }


def _metric(world: World) -> MetricDefinition:
    return metrics.define(
        actor=world.actors["author"],
        workspace=world.dev.slug,
        name="brevity",
        evaluator_kind="judged",
        direction="higher",
        description="How short the answer is.",
    )


def _deleted(author: Actor, experiment: Experiment) -> dict[str, UUID]:
    other = experiments.create(
        actor=author, workspace=experiment.workspace.slug, name="longer answers"
    )
    run = life.start(actor=author, experiment=experiment.uuid)
    tracking_deletions.delete_experiment(actor=author, experiment=other.uuid)
    tracking_deletions.delete_run(actor=author, run=run.uuid)
    return {"deleted_experiment": other.uuid, "deleted_run": run.uuid}


def _evaluation(world: World, name: str, *, cost: int = 0) -> Evaluation:
    """An evaluation: with a cost it is handed in, without one its first part is there."""
    author = world.actors["author"]
    rows = "".join(f'{{"id": {number}, "cost": {cost}}}\n' for number in range(10))
    made = request.describe(
        actor=author,
        workspace=world.dev.slug,
        name=name,
        evaluates=world.at["ref"],
        dataset=f"{world.dev.slug}/dataset/tickets/1",
        rows=rows if cost else "",
    )
    if not cost:
        request.store_part(actor=author, evaluation=made.uuid, number=1, body=b'{"id":"1"}')
    return made
