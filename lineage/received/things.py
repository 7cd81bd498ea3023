"""What all events say of a job or a dataset, in whatever order they came.

The *state* of either is JSON:

    facets    the latest of each facet (see ``facets``)
    seen      [time, digest] of the last event that spoke of it
    dropped   [time, digest] of the last event that dropped it (datasets)
    declared  {at, by, …}: what the last JobEvent or DatasetEvent declared, as a whole: of a job its
              ``inputs`` and ``outputs`` as in the state of a run, and its ``lineage`` facet in
              ``how``; of a dataset the facets that say what it is made from
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from lineage.received import facets, runs
from lineage.received.marks import instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lineage.received.event import Event, Named
    from lineage.received.marks import Mark

DERIVATION = ("lineage", "columnLineage", "version")
LIFECYCLE = "lifecycleStateChange"


def fold_job(state: dict[str, Any], event: Event) -> None:
    """Let the state of a job know an event that names it."""
    if event.job is None:
        return
    facets.merge(state, event.job.facets, event.mark)
    _see(state, "seen", event.mark)
    if event.kind == "JOB" and _is_news(state, event.mark):
        declared: dict[str, Any] = {}
        runs.fold(declared, event)
        at, by = event.mark
        parts = {key: declared[key] for key in ("inputs", "outputs", "how") if key in declared}
        state["declared"] = {"at": at, "by": by, **parts}


def fold_dataset(state: dict[str, Any], dataset: Named, event: Event) -> None:
    """Let the state of a dataset know an event that names it."""
    facets.merge(state, dataset.facets, event.mark)
    change = dataset.facets.get(LIFECYCLE)
    is_drop = change is not None and change.get(LIFECYCLE) == "DROP"
    _see(state, "dropped" if is_drop else "seen", event.mark)
    if event.kind == "DATASET" and _is_news(state, event.mark):
        at, by = event.mark
        told: dict[str, Any] = {"namespace": dataset.namespace, "name": dataset.name}
        kept = {name: dataset.facets[name] for name in DERIVATION if name in dataset.facets}
        facets.merge(told, kept, event.mark)
        state["declared"] = {"at": at, "by": by, "outputs": {dataset.key: told}}


def _see(state: dict[str, Any], key: str, mark: Mark) -> None:
    state[key] = max(state.get(key, ["", ""]), list(mark))


def _is_news(state: Mapping[str, Any], mark: Mark) -> bool:
    before = state.get("declared")
    return before is None or (before["at"], before["by"]) < mark


def event_time(state: Mapping[str, Any]) -> datetime:
    """Return the time of the last event that spoke of it."""
    return instant(max(state.get("seen", [""])[0], state.get("dropped", [""])[0]))


def deleted_at(state: Mapping[str, Any]) -> datetime | None:
    """Return when a dataset was dropped; None where it was not, or was spoken of again later."""
    dropped, seen = state.get("dropped"), state.get("seen")
    if dropped is None or (seen is not None and seen > dropped):
        return None
    return instant(dropped[0])
