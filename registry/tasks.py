"""Background work of the registry."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.actors import system
from core.tasks import task
from registry.queries import imports as import_rows
from registry.queries.transfers import EXPORT, IMPORT, VERIFY
from registry.services import collection, retention, scans, signatures
from registry.services.bundles import transfers
from registry.services.evaluations import work
from registry.services.evaluations.request import TASK as EVALUATE
from registry.services.imports import work as imports
from registry.services.notices import telling
from registry.services.promotions.closing import expire_overdue
from registry.services.reevaluation import requests as reevaluation
from registry.services.serving import drift_checks, drifting, samples, watching, windows
from registry.services.webhooks import queueing, sending

if TYPE_CHECKING:
    from core.tasks import TaskRun


@task("registry.expire_promotions")
def expire_promotions(run: TaskRun) -> dict[str, Any]:
    """Close promotions that nobody decided on in time."""
    return {"expired": expire_overdue(actor=system())}


@task("registry.notify")
def notify(run: TaskRun) -> dict[str, Any]:
    """Tell the rest of those whom an entry of the journal concerns."""
    return telling.go_on(run)


@task("registry.deliver_webhook")
def deliver_webhook(run: TaskRun) -> dict[str, Any]:
    """Send what is pending to one webhook."""
    return sending.deliver(run)


@task("registry.sweep_webhooks")
def sweep_webhooks(run: TaskRun) -> dict[str, Any]:
    """Start delivery anew where it came to a halt."""
    return {"woken": queueing.sweep()}


@task("registry.prune_collaboration")
def prune_collaboration(run: TaskRun) -> dict[str, Any]:
    """Forget old notifications and the old log of webhooks."""
    return retention.prune(run)


@task(scans.TASK)
def scan_artifacts(run: TaskRun) -> dict[str, Any]:
    """Look into the stored artifacts of a version."""
    rows = scans.scan_version(
        actor=system(),
        version=UUID(run.payload["version"]),
        again=run.payload["again"],
        progress=run.progress,
    )
    return {"scanned": len(rows)}


@task(EVALUATE)
def evaluate(run: TaskRun) -> dict[str, Any] | None:
    """Make the result of an evaluation whose rows were submitted."""
    work.work(run.payload["evaluation"], run=run)
    return None


@task("registry.collect_garbage")
def collect_garbage(run: TaskRun) -> dict[str, Any]:
    """Let go of stored bytes that nothing refers to any more."""
    collected = collection.collect(
        actor=system(), progress=lambda done: run.progress(done, done, "blobs let go")
    )
    return asdict(collected)


@task(signatures.TASK)
def verify_signature(run: TaskRun) -> dict[str, Any]:
    """Verify a signature of a version by the keys that its workspace trusts."""
    verification = signatures.verify_signature(
        actor=system(), signature=UUID(run.payload["signature"])
    )
    return {"status": verification.status}


@task("registry.request_reevaluations")
def request_reevaluations(run: TaskRun) -> dict[str, Any]:
    """Ask for evaluations that rules say are due again."""
    return {"opened": reevaluation.open_due(actor=system(), run=run)}


@task(windows.THRESHOLDS_TASK)
def evaluate_thresholds(run: TaskRun) -> dict[str, Any]:
    """Hold what deployments serve against their thresholds."""
    return dict(watching.watch(run))


@task(drift_checks.TASK)
def measure_drift(run: TaskRun) -> dict[str, Any]:
    """Compare what deployments serve with its baselines."""
    return dict(drifting.measure_due(run))


@task("registry.purge_samples")
def purge_samples(run: TaskRun) -> dict[str, Any]:
    """Delete the sampled rows whose retention is over."""
    return dict(samples.purge(run))


@task(EXPORT)
def export_bundle(run: TaskRun) -> dict[str, Any]:
    """Write the bundle of a version for download."""
    return transfers.write_export(run)


@task(IMPORT)
def import_bundle(run: TaskRun) -> dict[str, Any]:
    """Register what an uploaded bundle carries."""
    return transfers.read_import(run)


@task(VERIFY)
def verify_bundle(run: TaskRun) -> dict[str, Any]:
    """Check an uploaded bundle."""
    return transfers.check_import(run)


@task(import_rows.TASK)
def import_assets(run: TaskRun) -> dict[str, Any]:
    """Import what somebody handed in."""
    return imports.work(run)
