"""A policy scan: one run per workspace, from its configuration to the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from openlineage.client.event_v2 import RunState
from openlineage.client.facet_v2 import test_run

from lineage.mapping.events import id_time, make_event, make_job, run_id
from lineage.mapping.facets import MunimentScanRunFacet
from lineage.mapping.naming import PRODUCER
from lineage.mapping.things import Thing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lineage.mapping.record import Mapped, Record

# The first state that any question of a rule ended in tells how the rule fared.
WORST = ("error", "fail", "unknown", "exempt", "pass", "not_applicable")
STATUS = {"pass": "pass", "not_applicable": "skip"}  # all other states found something
SEVERE = frozenset({"critical", "high"})


def map_scan(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return START and COMPLETE of the scan of a workspace, with a test result per policy."""
    data = record.data
    scan, workspace = UUID(data["scan"]), record.workspace
    run, job = (
        run_id(scan, workspace),
        make_job(workspace, "audit", "workspace", job_type="POLICY_AUDIT"),
    )
    read = Thing(record.instance, workspace, "config", "workspace")
    made = Thing(record.instance, workspace, "report", "policy-scan", str(scan))
    counts: dict[str, int] = {}
    for rule in data["rules"]:
        for state, count in rule["states"].items():
            counts[state] = counts.get(state, 0) + count
    facet = MunimentScanRunFacet(
        scan=str(scan),
        asOf=data["as_of"],
        digest=record.body["subject"]["digest"],
        counts=counts,
        truncated=True if data["is_truncated"] else None,
        producer=PRODUCER,
    )
    tests = test_run.TestRunFacet(tests=[_test(rule) for rule in data["rules"]], producer=PRODUCER)
    start = make_event(id_time(scan), RunState.START, run=run, job=job, inputs=[read.as_input()])
    complete = make_event(
        record.occurred_at,
        RunState.COMPLETE,
        run=run,
        job=job,
        facets={"muniment_scan": facet.published_at(base_url), "test": tests},
        inputs=[read.as_input()],
        outputs=[made.as_output()],
    )
    return start, complete


def _test(rule: Mapping[str, Any]) -> test_run.TestExecution:
    states = rule["states"]
    worst = next(state for state in WORST if state in states)
    return test_run.TestExecution(
        name=rule["rule"],
        status=STATUS.get(worst, "fail"),
        severity="error" if rule["severity"] in SEVERE and worst != "exempt" else "warn",
        type="policy",
        actual=worst,
        expected="pass",
        params={state: str(count) for state, count in states.items()},
    )
