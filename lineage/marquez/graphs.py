"""Graphs of datasets and jobs, and of fields, as nodes that know the edges at both their ends."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from lineage.marquez import shapes
from lineage.models import Dataset, JobDataset
from lineage.queries import datasets, jobs, observed, pipelines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.actors import Actor
    from lineage.queries.columns import Columns, Field
    from lineage.queries.pipelines import Pipeline

Shape = dict[str, Any]
Edge = tuple[str, str]


def lineage(actor: Actor, *, dataset: int | None, job: str | None, depth: int) -> Shape:
    """Return the graph around a visible dataset (its id) or job (its key)."""
    found = pipelines.around(actor, dataset=dataset, job=job, depth=depth)
    rows = Dataset.objects.filter(pk__in=found.datasets)
    seen_datasets = datasets.seen(actor, rows, with_columns=False)
    seen_jobs = jobs.seen(actor, observed.jobs(actor).filter(key__in=found.jobs))
    dataset_ids = {item.pk: f"dataset:{item.namespace}:{item.name}" for item in seen_datasets}
    job_ids = {item.row.key: f"job:{item.row.namespace}:{item.row.name}" for item in seen_jobs}
    edges = set(_edges(found, dataset_ids, job_ids))
    nodes = [(dataset_ids[item.pk], "DATASET", shapes.dataset(item)) for item in seen_datasets]
    nodes += [(job_ids[item.row.key], "JOB", shapes.job(item)) for item in seen_jobs]
    return {"graph": _nodes(nodes, edges), "truncated": found.is_truncated}


def _edges(found: Pipeline, dataset_ids: dict[int, str], job_ids: dict[str, str]) -> Iterable[Edge]:
    for link in found.links:
        dataset, job = dataset_ids.get(link.dataset), job_ids.get(link.job)
        if dataset and job:
            yield (job, dataset) if link.role == JobDataset.Role.OUTPUT else (dataset, job)
    for source, target in found.direct:
        if source in dataset_ids and target in dataset_ids:
            yield dataset_ids[source], dataset_ids[target]


def _nodes(nodes: list[tuple[str, str, Shape]], edges: set[Edge]) -> list[Shape]:
    into: dict[str, list[Shape]] = defaultdict(list)
    out_of: dict[str, list[Shape]] = defaultdict(list)
    for origin, destination in sorted(edges):
        edge = {"origin": origin, "destination": destination}
        into[destination].append(edge)
        out_of[origin].append(edge)
    return [
        {"id": name, "type": kind, "data": data, "inEdges": into[name], "outEdges": out_of[name]}
        for name, kind, data in sorted(nodes, key=lambda node: node[0])
    ]


def column_lineage(actor: Actor, found: Columns) -> Shape:
    """Return the graph of fields that a walk met."""
    types = _types(actor, {item.dataset_id for item in found.fields})
    made_from: dict[Field, list[Field]] = defaultdict(list)
    made_into: dict[Field, list[Field]] = defaultdict(list)
    for source, target in sorted(found.edges):
        made_from[target].append(source)
        made_into[source].append(target)
    nodes = [
        {
            "id": _field_id(item),
            "type": "DATASET_FIELD",
            "data": _field(item, types)
            | _whole(found, item, made_from[item])
            | {
                "inputFields": [
                    _field(source, types) | shapes.transformation(found.edges[source, item])
                    for source in made_from[item]
                ]
            },
            # In this graph Marquez's pages follow an edge from the node that it is listed at, also
            # where that is the end of it.
            "inEdges": [_edge(item, source) for source in made_from[item]],
            "outEdges": [_edge(item, target) for target in made_into[item]],
        }
        for item in sorted(found.fields, key=_field_id)
    ]
    return {"graph": nodes, "truncated": found.is_truncated}


def _field_id(item: Field) -> str:
    return f"datasetField:{item.namespace}:{item.dataset}:{item.field}"


def _edge(origin: Field, destination: Field) -> Shape:
    return {"origin": _field_id(origin), "destination": _field_id(destination)}


def _field(item: Field, types: dict[tuple[int, str], str | None]) -> Shape:
    return {
        "namespace": item.namespace,
        "dataset": item.dataset,
        "datasetVersion": None,
        "field": item.field,
        "fieldType": types.get((item.dataset_id, item.field)),
    }


def _whole(found: Columns, item: Field, sources: list[Field]) -> Shape:
    return shapes.transformation(found.edges[sources[0], item] if sources else ())


def _types(actor: Actor, ids: set[int]) -> dict[tuple[int, str], str | None]:
    rows = Dataset.objects.filter(pk__in=ids)
    seen = datasets.seen(actor, rows, with_columns=False)
    return {
        (item.pk, field["name"]): field["type"]
        for item in seen
        for field in shapes.dataset(item)["fields"]
    }
