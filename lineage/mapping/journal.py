"""Which journal entries have a lineage, and how each is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lineage.mapping import (
    aliases,
    deployments,
    evaluations,
    experiments,
    lives,
    promotions,
    registrations,
    scans,
    watching,
)

if TYPE_CHECKING:
    from lineage.mapping.record import Mapped, Record


class Mapping(Protocol):
    """Turns one journal entry into events."""

    def __call__(self, record: Record, *, base_url: str) -> tuple[Mapped, ...]: ...


MAPPINGS: dict[str, Mapping] = {
    "registry.version.registered": registrations.map_registration,
    "registry.lifecycle.changed": lives.map_lifecycle,
    "registry.version.deleted": lives.map_version_deletion,
    "registry.asset.renamed": lives.map_rename,
    "registry.asset.deleted": lives.map_deletion,
    "registry.alias.moved": aliases.map_move,
    "registry.run.started": experiments.map_run_start,
    "registry.run.finished": experiments.map_run_end,
    "registry.evaluation.requested": evaluations.map_evaluation_request,
    "registry.evaluation.succeeded": evaluations.map_evaluation_success,
    "registry.evaluation.failed": evaluations.map_evaluation_failure,
    "registry.promotion.requested": promotions.map_request,
    "registry.promotion.reviewed": promotions.map_review,
    "registry.promotion.decided": promotions.map_decision,
    "registry.promotion.completed": promotions.map_completion,
    "registry.promotion.rolled_back": promotions.map_rollback,
    "registry.promotion.refused": promotions.map_refusal,
    "registry.promotion.withdrawn": promotions.map_withdrawal,
    "registry.promotion.expired": promotions.map_expiry,
    "registry.deployment.revised": deployments.map_revision,
    "registry.deployment.stopped": deployments.map_stop,
    "registry.deployment.started": deployments.map_start,
    "registry.deployment_state.reported": deployments.map_state,
    "registry.serving.reported": deployments.map_windows,
    "registry.threshold.breached": watching.map_breach,
    "registry.threshold.recovered": watching.map_recovery,
    "registry.drift.detected": watching.map_drift,
    "registry.drift.ended": watching.map_drift_end,
    "audits.scan.workspace_scanned": scans.map_scan,
}


def map_record(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return the OpenLineage events of a journal entry, in order; none for most entries.

    The same entry always gives the same events, so that telling twice adds nothing. ``base_url``
    is the installation's address, without a slash at its end.
    """
    mapping = MAPPINGS.get(record.action)
    return mapping(record, base_url=base_url) if mapping else ()
