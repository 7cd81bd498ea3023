"""The events of a run say the same in any order, and however often they come."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.received import runs, things
from lineage.received.edges import edges_of
from lineage.received.parsing import parse
from tests.lineage.received.events import columns, dataset, facet, run_event, schema_facet

NAMES = st.sampled_from(["a", "b", "c", "d"])
TIMES = st.integers(0, 5).map(lambda second: f"2026-03-01T10:00:0{second}Z")
MODE = {"eventTrigger": "PERIODIC", "eventContentMode": "COMPLETE_SNAPSHOT"}
JOB_TYPES = st.sampled_from(
    [
        {},
        {"jobType": facet(processingType="BATCH", integration="X")},
        {"jobType": facet(processingType="STREAMING", integration="X", emissionPattern=MODE)},
        {"jobType": facet(_deleted=True)},
        {"lineage": facet(entries=[{"type": "DATASET", "namespace": "n", "name": "x"}])},
    ]
)
DATASET_FACETS = st.sampled_from(
    [
        {},
        {"schema": schema_facet("one", "two")},
        {"schema": facet(_deleted=True)},
        {"columnLineage": columns("one", ("a", "x"), ("b", "y"))},
        {"lineage": facet(inputs=[])},
        {"version": facet(datasetVersion="3")},
        {"lifecycleStateChange": facet(lifecycleStateChange="DROP")},
    ]
)
DATASETS = st.lists(st.builds(lambda n, f: dataset(n, **f), NAMES, DATASET_FACETS), max_size=3)
RUN_FACETS = st.sampled_from(
    [
        {},
        {"nominalTime": facet(nominalStartTime="2026-03-01T10:00:00Z")},
        {"nominalTime": facet(_deleted=True)},
        {"custom": facet(value=1)},
    ]
)
EVENTS = st.builds(
    lambda kind, at, job, ins, outs, told, how: run_event(
        kind, at=at, job=job, inputs=ins, outputs=outs, run_facets=told, job_facets=how
    ),
    st.sampled_from(["START", "RUNNING", "COMPLETE", "FAIL", "ABORT", "OTHER"]),
    TIMES,
    st.sampled_from(["load", "reload"]),
    DATASETS,
    DATASETS,
    RUN_FACETS,
    JOB_TYPES,
)


def told(raw: list[dict[str, Any]]) -> tuple[Any, ...]:
    """Return all that follows from the events when they come in this order."""
    run: dict[str, Any] = {}
    jobs: dict[str, Any] = {}
    datasets: dict[str, Any] = {}
    for item in raw:
        event = parse(item)
        runs.fold(run, event)
        assert event.job is not None
        things.fold_job(jobs.setdefault(event.job.key, {}), event)
        for part in event.datasets:
            things.fold_dataset(datasets.setdefault(part.key, {}), part, event)
    deleted = {key: things.deleted_at(state) for key, state in datasets.items()}
    return run, jobs, datasets, runs.summary(run), edges_of(run), deleted


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_order_and_any_repetition_says_the_same(data: st.DataObject) -> None:
    events = data.draw(st.lists(EVENTS, min_size=1, max_size=6))
    again = data.draw(st.lists(st.sampled_from(events), max_size=4))
    shuffled = data.draw(st.permutations([*events, *again]))
    assert told(shuffled) == told(events)


def state_of(*raw: dict[str, Any]) -> dict[str, Any]:
    state: dict[str, Any] = {}
    for item in raw:
        runs.fold(state, parse(item))
    return state


def pairs(state: dict[str, Any]) -> set[tuple[str, str, str]]:
    found = edges_of(state).datasets
    return {(source[1], target[1], basis) for (source, target), basis in found.items()}


def test_the_end_of_a_batch_is_sticky_and_a_service_may_run_again() -> None:
    end = run_event("COMPLETE", at="2026-03-01T10:00:01Z")
    late = run_event("RUNNING", at="2026-03-01T10:00:02Z")
    assert runs.summary(state_of(end, late)).status == "COMPLETED"
    kind = {"jobType": facet(processingType="SERVICE", integration="X")}
    serving = run_event("RUNNING", at="2026-03-01T10:00:02Z", job_facets=kind)
    assert runs.summary(state_of(end, serving)).status == "RUNNING"


def test_of_two_ends_the_later_one_stands() -> None:
    failed = run_event("FAIL", at="2026-03-01T10:00:01Z")
    completed = run_event("COMPLETE", at="2026-03-01T10:00:02Z")
    summary = runs.summary(state_of(completed, failed))
    assert summary.status == "COMPLETED"
    assert summary.ended_at is not None
    assert summary.ended_at.second == 2


def test_a_run_that_only_said_other_has_not_begun() -> None:
    assert runs.summary(state_of(run_event("OTHER"))).status == "NEW"


def test_inputs_add_up_unless_each_event_is_a_whole_picture() -> None:
    first = run_event("START", at="2026-03-01T10:00:01Z", inputs=[dataset("a"), dataset("b")])
    second = run_event("RUNNING", at="2026-03-01T10:00:02Z", inputs=[dataset("c")])
    end = run_event("COMPLETE", at="2026-03-01T10:00:03Z")
    names = {row["name"] for row in runs.inputs(state_of(first, second, end)).values()}
    assert names == {"a", "b", "c"}
    how = {"jobType": facet(processingType="BATCH", integration="X", emissionPattern=MODE)}
    whole = second | {"job": second["job"] | {"facets": how}}
    names = {row["name"] for row in runs.inputs(state_of(first, whole, end)).values()}
    assert names == {"c"}  # the end named no dataset and so takes none away


def test_the_most_explicit_statement_makes_the_edges() -> None:
    both: dict[str, Any] = {"inputs": [dataset("a"), dataset("b")]}
    assert pairs(state_of(run_event(outputs=[dataset("t")], **both))) == {
        ("a", "t", "cartesian"),
        ("b", "t", "cartesian"),
    }
    by_column = dataset("t", columnLineage=columns("one", ("a", "x")))
    assert pairs(state_of(run_event(outputs=[by_column, dataset("u")], **both))) == {
        ("a", "t", "column"),
        ("a", "u", "cartesian"),
        ("b", "u", "cartesian"),
    }
    entry = {"type": "DATASET", "namespace": "n", "name": "t"}
    source = {"type": "DATASET", "namespace": "n", "name": "z"}
    how = {"lineage": facet(entries=[{**entry, "inputs": [source]}])}
    stated = run_event(outputs=[by_column], job_facets=how, **both)
    assert pairs(state_of(stated)) == {("z", "t", "explicit")}


def test_no_inputs_in_a_lineage_facet_mean_no_upstream() -> None:
    alone = dataset("t", lineage=facet(inputs=[]))
    assert pairs(state_of(run_event(inputs=[dataset("a")], outputs=[alone]))) == set()


def test_nothing_leads_to_itself() -> None:
    same = [dataset("a")]
    assert pairs(state_of(run_event(inputs=same, outputs=same))) == set()


def test_a_dataset_made_by_the_job_comes_from_what_the_job_reads() -> None:
    read = {"type": "JOB", "inputs": [{"type": "DATASET", "namespace": "n", "name": "a"}]}
    made = {"type": "DATASET", "namespace": "n", "name": "t", "inputs": [{"type": "JOB"}]}
    how = {"lineage": facet(entries=[read, made])}
    assert pairs(state_of(run_event(job_facets=how))) == {("a", "t", "explicit")}


def test_what_holds_for_a_whole_dataset_holds_for_each_of_its_columns() -> None:
    told = columns("one", ("a", "x"))
    told["dataset"] = [{"namespace": "n", "name": "f", "field": "id"}]
    found = edges_of(state_of(run_event(outputs=[dataset("t", columnLineage=told)]))).columns
    assert {(source[1], field, own) for source, field, _, own in found} == {
        ("a", "x", "one"),
        ("f", "id", "one"),
    }


def test_a_drop_holds_until_the_dataset_is_spoken_of_again() -> None:
    def deleted(*raw: dict[str, Any]) -> bool:
        state: dict[str, Any] = {}
        for item in raw:
            event = parse(item)
            things.fold_dataset(state, event.outputs[0], event)
        return things.deleted_at(state) is not None

    drop = facet(lifecycleStateChange="DROP")
    dropped = run_event(
        at="2026-03-01T10:00:02Z", outputs=[dataset("t", lifecycleStateChange=drop)]
    )
    before = run_event(at="2026-03-01T10:00:01Z", outputs=[dataset("t")])
    after = run_event(at="2026-03-01T10:00:03Z", outputs=[dataset("t")])
    assert deleted(dropped, before)
    assert not deleted(dropped, after)
