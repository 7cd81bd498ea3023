"""What watching a deployment found: measures beyond their bounds, and drift.

Each finding is a run of the job that watches the deployment, with the finding as a test: the run
that serves goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openlineage.client.event_v2 import RunState
from openlineage.client.facet_v2 import test_run

from core.references import SCHEME
from lineage.mapping.events import make_event, make_job, run_id
from lineage.mapping.naming import PRODUCER
from lineage.mapping.things import Thing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openlineage.client.facet_v2 import RunFacet

    from lineage.mapping.record import Mapped, Record

SEVERE = frozenset({"critical", "high"})


def map_breach(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return START and COMPLETE of a look that found a measure beyond its bound."""
    return _look(record, _threshold(record, status="fail"))


def map_recovery(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return the same of one that found it back, or no threshold any more."""
    return _look(record, _threshold(record, status="pass"))


def map_drift(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return START and COMPLETE of a look that found drift."""
    return _look(record, _drift(record, status="fail"))


def map_drift_end(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return the same of one that found none, or nothing to compare with any more."""
    return _look(record, _drift(record, status="pass"))


def _threshold(record: Record, *, status: str) -> test_run.TestExecution:
    data = record.data
    rule = {key: str(value) for key, value in data["rule"].items() if value}
    return _test(
        data,
        status=status,
        kind="threshold",
        expected=rule["bound"],
        severity="error" if data["severity"] in SEVERE else "warn",
        params=rule,
    )


def _drift(record: Record, *, status: str) -> test_run.TestExecution:
    data = record.data
    told = {"method": data["method"], "evaluator": data["evaluator"]} | (data["baseline"] or {})
    return _test(
        data,
        status=status,
        kind="drift",
        expected=data["bound"],
        severity="warn",
        params={key: str(value) for key, value in told.items() if value},
    )


def _test(
    data: Mapping[str, Any],
    *,
    status: str,
    kind: str,
    expected: str,
    severity: str,
    params: dict[str, str],
) -> test_run.TestExecution:
    """Return a test; one that is over because nobody asks any more was skipped."""
    return test_run.TestExecution(
        name=data["name"],
        status="skip" if data["is_ended"] else status,
        severity=severity,
        type=kind,
        actual=data["value"] or None,
        expected=expected,
        params=params,
    )


def _look(record: Record, test: test_run.TestExecution) -> tuple[Mapped, ...]:
    reference = record.body["subject"]["ref"].removeprefix(f"{SCHEME}{record.instance}/")
    workspace, _, name = reference.split("/", 2)
    job = make_job(workspace, "watch", name, job_type="MONITORING")
    run = run_id(record.uuid, test.type or "")
    read = [Thing(record.instance, workspace, "deployment", name).as_input()]
    start = make_event(record.occurred_at, RunState.START, run=run, job=job, inputs=read)
    facets: dict[str, RunFacet] = {"test": test_run.TestRunFacet(tests=[test], producer=PRODUCER)}
    end = make_event(
        record.occurred_at, RunState.COMPLETE, run=run, job=job, facets=facets, inputs=read
    )
    return start, end
