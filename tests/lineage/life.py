"""One pass through everything that OpenLineage is told of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from audits.services import scans
from core import tasks
from registry.services import aliases, deletion, experiments, lifecycle, naming
from registry.services.deployments import revisions, states
from registry.services.evaluations import request
from registry.services.runs import batches, life
from registry.services.serving import thresholds, watching, windows
from tests import factories
from tests.lineage.steps import approve, promote, tell
from tests.policies.estate import CLOSED, OPEN, assign, make_policy, submit
from tests.registry.evaluations.bench import JUDGE, ROWS, lines

if TYPE_CHECKING:
    from datetime import datetime

    from registry.models import AssetVersion, Deployment, Workspace
    from registry.services.serving.drafts import WindowDraft


def live_all() -> None:
    """Do everything once, and tell lineage of it."""
    dev = factories.make_workspace()
    prod = factories.make_workspace(stage="production", required_approvals=1)
    data = factories.make_dataset(dev, name="tickets é 1")
    model = factories.make_model(dev, trained_on=[data])
    flow = factories.make_flow(dev, [model, factories.make_prompt(dev)])
    factories.make_result(dev, flow)
    copy = approve(promote(flow, prod)).target_version
    assert copy is not None
    approve(promote(flow, prod), decision="rejected")
    promote(flow, factories.make_workspace(stage="staging"))
    experiment(dev, data, model)
    evaluation(dev, data, model)
    serve(prod, copy)
    end_lives(dev)
    scan(prod)
    tell()


def experiment(dev: Workspace, data: AssetVersion, model: AssetVersion) -> None:
    """Runs that finish, fail and are killed; the first has everything that a run can have."""
    author = factories.member(dev, "author")
    made = experiments.create(actor=author, workspace=dev.slug, name="learning rates: a")
    run = life.start(actor=author, experiment=made.uuid, name="first", params={"lr": "0.1"})
    batches.log_batch(
        actor=author,
        run=run.uuid,
        metrics=[
            {"key": "loss", "value": 0.25, "step": 1},
            {"key": "broken", "value": float("nan"), "step": 1},
        ],
        params={"prompt": "x" * 600},
        inputs=[
            {"version": factories.reference(data), "context": "training"},
            {"name": "elsewhere", "digest": "abc"},
        ],
        outputs=[factories.reference(model)],
    )
    life.finish(actor=author, run=run.uuid)
    for status in ("failed", "killed"):
        other = life.start(actor=author, experiment=made.uuid)
        life.finish(actor=author, run=other.uuid, status=status)


def evaluation(dev: Workspace, data: AssetVersion, model: AssetVersion) -> None:
    """An evaluation whose rows are good, and one whose rows are not."""
    author = factories.member(dev, "author")
    body: dict[str, Any] = {
        "workspace": dev.slug,
        "evaluates": factories.reference(model),
        "dataset": factories.reference(data),
        "evaluators": [JUDGE],
        "metrics": [{"name": "groundedness", "evaluator": "judge"}],
    }
    for name, rows in (("capitals", lines(ROWS)), ("broken", "{")):
        request.describe(actor=author, rows=rows, **{**body, "name": name})
    finish_tasks()


def serve(prod: Workspace, version: AssetVersion) -> None:
    """A deployment that serves, is revised, fails, is rolled back, and stops."""
    admin = factories.administrator()
    first = revisions.create(
        actor=admin,
        workspace=prod.slug,
        name="assist",
        members=[{"version": factories.reference(version), "traffic": 100}],
        endpoint="https://assist.example",
    )
    deployment = first.deployment.uuid
    states.report(actor=admin, deployment=deployment, state="running")
    now = timezone.now()
    window: WindowDraft = {
        "version": factories.reference(version),
        "start": now - timedelta(minutes=5),
        "end": now - timedelta(minutes=1),
        "requests": 10,
        "errors": 5,
        "tokens_in": 1_000,
        "tokens_out": 200,
        "cost": "0.25",
        "currency": "EUR",
        "blocks": [{"side": "input", "category": "violence", "count": 2}],
    }
    windows.report(actor=admin, deployment=deployment, source="gateway", windows=[window])
    watch(first.deployment, now)
    revisions.revise(actor=admin, deployment=deployment, endpoint="https://b.example")
    states.report(actor=admin, deployment=deployment, state="running")
    states.report(actor=admin, deployment=deployment, state="failed", reason="out of memory")
    revisions.roll_back(actor=admin, deployment=deployment, to=1)
    states.stop(actor=admin, deployment=deployment)


def watch(deployment: Deployment, now: datetime) -> None:
    """A threshold is breached, and ends."""
    admin = factories.administrator()
    bound = thresholds.Bound(measure="error_rate", period="day", bound="0.05")
    rule = thresholds.set_threshold(
        actor=admin, deployment=deployment.uuid, name="failures", bound=bound
    )
    assert watching.hold(deployment, now=now + timedelta(minutes=1)) == ["breached"]
    thresholds.end_threshold(actor=admin, threshold=rule.uuid)


def end_lives(dev: Workspace) -> None:
    """An asset is renamed, its version deprecated, and it is deleted."""
    version = factories.make_prompt(dev, name="hello")
    admin = factories.administrator()
    naming.rename(actor=admin, asset=version.asset.uuid, name="good day")
    for number in (version.number, None):
        aliases.move(actor=admin, asset=f"{dev.slug}/prompt/good day", alias="best", to=number)
    lifecycle.change(actor=admin, version=version.uuid, state="deprecated", reason="old")
    spare = factories.make_prompt(dev, name="good day")
    deletion.delete_version(actor=admin, version=spare.uuid, reason="registered by mistake")
    deletion.delete_asset(actor=admin, asset=version.asset.uuid, reason="unused")


def scan(prod: Workspace) -> None:
    """A scan of a workspace where a policy holds for some resources and not for others."""
    assign(make_policy(), prod, "audit")
    submit(prod, CLOSED, external_id="closed")
    submit(prod, OPEN, external_id="open")
    scans.start(actor=factories.administrator(), workspaces=[prod.slug])
    finish_tasks()


def finish_tasks() -> None:
    """Do all background work that is there."""
    while tasks.claim_and_run():
        pass
