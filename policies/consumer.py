"""The journal's consumers: what the registry deploys is a configured resource, and what changes the
answers of policies has them asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.services import deployment_review, reevaluation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.journal import SequencedEntry

# What each action makes of the deployment.
DESIRED = {
    "registry.deployment.revised": "running",
    "registry.deployment.started": "running",
    "registry.deployment.stopped": "stopped",
}


class ResourceConsumer:
    """Turns each change of what a deployment shall serve into a snapshot, so that scans and gates
    judge it like any resource of a platform."""

    name = "policies"

    def select(self, entries: Sequence[SequencedEntry]) -> Sequence[SequencedEntry]:
        """Return those that change what a deployment shall serve."""
        return [entry for entry in entries if entry.action in DESIRED]

    def consume(self, entry: SequencedEntry) -> None:
        """Record the deployment of ``entry``, once however often it is told."""
        if desired := DESIRED.get(entry.action):
            deployment_review.record(entry, desired=desired)


class ReevaluationConsumer:
    """Has policies asked again, in the background, when a configuration is submitted or a policy is
    assigned."""

    name = "reevaluation"

    def select(self, entries: Sequence[SequencedEntry]) -> Sequence[SequencedEntry]:
        """Return those after which answers may be others."""
        return [entry for entry in entries if entry.action in reevaluation.CAUSES]

    def consume(self, entry: SequencedEntry) -> None:
        """Queue what follows from ``entry``, once while it waits."""
        if entry.action in reevaluation.CAUSES:
            reevaluation.queue(entry)
