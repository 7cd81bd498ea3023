"""What events leave in the tables: the same in any order, and never a change of the past."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lineage.models import (
    ColumnEdge,
    Dataset,
    DatasetAlias,
    DatasetEdge,
    DatasetVersion,
    Job,
    Run,
    WorkspaceDataset,
)
from lineage.services.receiving import receive
from registry.models import Workspace
from registry.services import naming
from tests import factories
from tests.lineage.received.events import (
    columns,
    dataset,
    dataset_event,
    facet,
    job_event,
    run_event,
    schema_facet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(dev: Workspace) -> Any:
    return factories.member(dev, "author")


def open_edges(place: str = "dev") -> set[tuple[str, str, str]]:
    rows = DatasetEdge.objects.filter(workspace__slug=place, closed_at=None)
    return set(rows.values_list("source__name", "target__name", "basis"))


def listed(found: Any, *columns: str) -> list[str]:
    return sorted(map(str, found.values_list(*columns)))


def rows(place: str) -> dict[str, Any]:
    """Everything that a workspace's events left, apart from when and in which order."""
    jobs, runs = (model.objects.filter(workspace__slug=place) for model in (Job, Run))
    observed = WorkspaceDataset.objects.filter(workspace__slug=place).exclude(state={})
    versions = DatasetVersion.objects.filter(observation__workspace__slug=place)
    columns = ColumnEdge.objects.filter(closed_at=None, workspace__slug=place)
    times = ("started_at", "ended_at", "nominal_start", "event_time")
    named = ("run__run_id", "observation__dataset__name")
    return {
        "jobs": listed(jobs, "name", "type", "event_time"),
        "job states": sorted(json.dumps(job.state, sort_keys=True) for job in jobs),
        "runs": listed(runs, "run_id", "job__name", "status", "parent_run_id", *times),
        "observed": listed(observed, "dataset__name", "deleted_at", "event_time"),
        "versions": listed(versions, *named, "external_version", "event_time", "body"),
        "edges": open_edges(place),
        "columns": listed(columns, "source__name", "source_field", "target__name", "target_field"),
    }


def stories() -> list[dict[str, Any]]:
    """Two runs, a declared job and a described dataset, whose statements follow each other."""
    other = "0190a1b2-0000-7000-8000-000000000002"
    return [
        run_event("START", at="2026-03-01T10:00:00Z", inputs=[dataset("a"), dataset("b")]),
        run_event(
            "RUNNING", at="2026-03-01T10:00:01Z", outputs=[dataset("t", schema=schema_facet("x"))]
        ),
        run_event(
            "COMPLETE",
            at="2026-03-01T10:00:02Z",
            outputs=[dataset("t", columnLineage=columns("x", ("a", "y")))],
        ),
        run_event("START", run=other, job="next", at="2026-03-01T11:00:00Z", inputs=[dataset("t")]),
        run_event("FAIL", run=other, job="next", at="2026-03-01T11:00:02Z", outputs=[dataset("u")]),
        job_event(at="2026-03-01T09:00:00Z", inputs=[dataset("old")], outputs=[dataset("t")]),
        job_event(at="2026-03-01T12:00:00Z", inputs=[dataset("new")], outputs=[dataset("t")]),
        dataset_event("t", at="2026-03-01T12:00:01Z", version=facet(datasetVersion="9")),
        dataset_event(
            "v",
            at="2026-03-01T12:00:02Z",
            lineage=facet(inputs=[{"type": "DATASET", "namespace": "n", "name": "w"}]),
        ),
    ]


def test_any_order_and_any_batches_leave_the_same(author: Any, dev: Workspace) -> None:
    dice = random.Random(7)
    for place in ("p1", "p2", "p3", "p4"):
        workspace = factories.make_workspace(place)
        factories.grant(author, workspace, "author")
    expected: Any = None
    for place in ("p1", "p2", "p3", "p4"):
        events = stories() * 2
        if expected is not None:
            dice.shuffle(events)
        while events:
            size = dice.randint(1, 5)
            receive(author, place, events[:size])
            events = events[size:]
        found = rows(place)
        expected = expected or found
        assert found == expected
    assert expected["edges"] == {
        ("a", "t", "column"),
        ("t", "u", "cartesian"),
        ("new", "t", "cartesian"),
        ("w", "v", "explicit"),
    }


def test_what_an_origin_no_longer_says_is_closed_and_stays_readable(author: Any) -> None:
    receive(author, "dev", [job_event(inputs=[dataset("a"), dataset("k")], outputs=[dataset("t")])])
    later = job_event(
        at="2026-03-02T10:00:00Z", inputs=[dataset("b"), dataset("k")], outputs=[dataset("t")]
    )
    receive(author, "dev", [later])

    assert open_edges() == {("b", "t", "cartesian"), ("k", "t", "cartesian")}
    closed = DatasetEdge.objects.get(closed_at__isnull=False)
    assert closed.source.name == "a"
    assert closed.closed_at is not None
    assert closed.recorded_at < closed.closed_at
    assert DatasetEdge.objects.count() == 3  # the one that stayed was not written again


def test_a_symlink_is_an_alias_and_no_edge(author: Any) -> None:
    links = facet(identifiers=[{"namespace": "s3://lake", "name": "t", "type": "LOCATION"}])
    receive(author, "dev", [run_event(outputs=[dataset("t", symlinks=links)])])
    alias = DatasetAlias.objects.get()
    assert (alias.dataset.name, alias.other.namespace, alias.kind) == ("t", "s3://lake", "LOCATION")
    assert open_edges() == set()


def ours(made: Any, *, suffix: str = "", **facets: Any) -> dict[str, Any]:
    namespace = f"muniment://{django_settings.INSTANCE}"
    asset = made.asset
    name = f"{asset.workspace.slug}/{asset.kind}/{asset.name}{suffix}"
    return dataset(name, namespace=namespace, **facets)


@pytest.mark.parametrize("by_name", [True, False])
def test_a_name_of_ours_leads_to_our_version(author: Any, dev: Workspace, *, by_name: bool) -> None:
    version = factories.make_dataset(dev)
    told = {} if by_name else {"version": facet(datasetVersion="1")}
    source = ours(version, suffix="@v1" if by_name else "", **told)
    receive(author, "dev", [run_event(inputs=[source], outputs=[dataset("t")])])

    edge = DatasetEdge.objects.get()
    assert edge.source.asset == version.asset
    assert edge.source_version == version


def test_a_name_that_our_asset_once_bore_leads_to_it(author: Any, dev: Workspace) -> None:
    version = factories.make_dataset(dev)
    told = ours(version, version=facet(datasetVersion="1"))
    naming.rename(
        actor=factories.administrator(), asset=version.asset.uuid, name="renamed", reason="clearer"
    )
    receive(author, "dev", [run_event(inputs=[told], outputs=[dataset("t")])])

    edge = DatasetEdge.objects.get()
    assert (edge.source.asset, edge.source_version) == (version.asset, version)


def test_a_name_of_what_the_sender_may_not_see_is_just_a_name(author: Any, prod: Workspace) -> None:
    version = factories.make_dataset(prod)
    source = ours(version, version=facet(datasetVersion="1"))
    receipt = receive(author, "dev", [run_event(inputs=[source], outputs=[dataset("t")])])

    edge = DatasetEdge.objects.get()
    assert (edge.source.asset, edge.source_version) == (None, None)
    absent = ours(version, suffix="-absent", version=facet(datasetVersion="1"))
    event = run_event(job="other", inputs=[absent], outputs=[dataset("t")])
    assert receive(author, "dev", [event]) == receipt


def test_facets_told_in_one_workspace_are_not_those_of_another(
    author: Any, prod: Workspace
) -> None:
    factories.grant(author, prod, "author")
    for place, column in (("dev", "secret"), ("prod", "open")):
        receive(author, place, [run_event(outputs=[dataset("t", schema=schema_facet(column))])])
    assert Dataset.objects.count() == 1
    states = {row.workspace.slug: str(row.state) for row in WorkspaceDataset.objects.all()}
    assert "secret" in states["dev"]
    assert "secret" not in states["prod"]


def test_a_batch_takes_the_same_number_of_queries_at_any_size(author: Any) -> None:
    def batch(size: int, *, day: int) -> list[dict[str, Any]]:
        return [
            run_event(
                at=f"2026-03-0{day}T10:00:00Z",
                run=f"0190a1b2-0000-7000-8000-{day:04}{number:08}",
                job=f"job-{day}-{number}",
                inputs=[dataset(f"a-{day}-{number}")],
                outputs=[dataset(f"t-{day}-{number}", columnLineage=columns("x", ("a", "y")))],
            )
            for number in range(size)
        ]

    def queries(events: list[dict[str, Any]]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            receive(author, "dev", events)
        return len(captured)

    queries(batch(1, day=1))
    few, many = queries(batch(2, day=2)), queries(batch(30, day=3))
    assert many == few < 45
