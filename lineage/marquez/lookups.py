"""Graphs, search, events, tags and numbers over all namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.response import Response

from core.errors import NotFound
from lineage.marquez import graphs, parameters, readings, resolving, shapes
from lineage.marquez.views import MarquezView
from lineage.queries import columns, datasets, feed, jobs, namespaces, search, statistics
from lineage.queries.columns import Field

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest, QueryDict
    from rest_framework.request import Request

    from core.actors import Actor
    from lineage.marquez.readings import NodeId
    from lineage.queries.statistics import Interval


class LineageView(MarquezView):
    """The graph of datasets and jobs."""

    def get(self, request: Request) -> Response:
        """Answer what lies upstream and downstream of a dataset, a job or the job of a run."""
        return Response(_lineage(self.actor, request.query_params))


def read_lineage(actor: Actor, request: HttpRequest) -> HttpResponse:
    """Answer the same at the address where events are sent to, as Marquez has it."""
    body = msgspec.json.encode(_lineage(actor, request.GET))
    return HttpResponse(body, content_type="application/json")


def _lineage(actor: Actor, query: QueryDict) -> dict[str, Any]:
    types = (readings.DATASET, readings.JOB, readings.RUN)
    node = readings.node_id(parameters.required(query, "nodeId"), types=types)
    depth = parameters.depth(query)
    if node.type == readings.DATASET:
        dataset = resolving.dataset_id(actor, node)
        return graphs.lineage(actor, dataset=dataset, job=None, depth=depth)
    if node.type == readings.RUN:
        key = jobs.run(actor, node.run).job.key
    else:
        key = resolving.job_key(actor, node)
    return graphs.lineage(actor, dataset=None, job=key, depth=depth)


class ColumnLineageView(MarquezView):
    """The graph of fields."""

    def get(self, request: Request) -> Response:
        """Answer what the fields of a dataset or a job, or one field, were made from."""
        query = request.query_params
        types = (readings.DATASET, readings.FIELD, readings.JOB)
        node = readings.node_id(parameters.required(query, "nodeId"), types=types)
        roots, at = _roots(self.actor, node)
        found = columns.walk(
            self.actor,
            roots,
            depth=parameters.depth(query),
            downstream=parameters.flag(query, "withDownstream"),
            at=at,
        )
        return Response(graphs.column_lineage(self.actor, found))


def _roots(actor: Actor, node: NodeId) -> tuple[set[Field], datetime | None]:
    """Return the fields that a node id names, and as of when its version asks."""
    if node.type == readings.JOB:
        key = resolving.job_key(actor, node)
        return columns.of_job(actor, key), None
    name = ""
    if node.type == readings.FIELD:
        dataset_key, name = resolving.field_names(actor, node)
    else:
        dataset_key = resolving.dataset_key(actor, node)
    found = datasets.one(actor, dataset_key)
    at = None
    if node.version is not None:
        at = datasets.version(actor, found, node.version).recorded_at
    if name:
        return {Field(found.pk, found.namespace, found.name, name)}, at
    return columns.of_dataset(actor, found.pk, at=at), at


class SearchView(MarquezView):
    """Datasets and jobs by a part of their names."""

    def get(self, request: Request) -> Response:
        """Answer what was found, by name or the last changed first."""
        query = request.query_params
        kinds = (search.DATASET, search.JOB)
        kind = parameters.choice(query, "filter", (*kinds, "ALL"), default="ALL")
        sort = parameters.choice(query, "sort", ("NAME", "UPDATE_AT"), default="NAME")
        limit, _ = parameters.window(query, default=10)
        found, total = search.search(
            self.actor,
            parameters.required(query, "q"),
            types=kinds if kind == "ALL" else (kind,),
            by_time=sort == "UPDATE_AT",
            namespace=query.get("namespace") or None,
            limit=limit,
        )
        return Response({"totalCount": total, "results": [_result(item) for item in found]})


def _result(found: search.Found) -> dict[str, Any]:
    return {
        "type": found.type,
        "name": found.name,
        "updatedAt": shapes.time(found.updated_at),
        "namespace": found.namespace,
        "nodeId": f"{found.type.lower()}:{found.namespace}:{found.name}",
    }


class EventsView(MarquezView):
    """All events as they were sent."""

    only_runs = False

    def get(self, request: Request, namespace: str | None = None) -> Response:
        """Answer one page, by the time when they happened."""
        query = request.query_params
        limit, offset = parameters.window(query)
        order = parameters.choice(query, "sortDirection", ("ASC", "DESC"), default="DESC")
        events, total = feed.page(
            self.actor,
            after=parameters.time(query, "after"),
            before=parameters.time(query, "before"),
            namespace=namespace,
            newest_first=order == "DESC",
            only_runs=self.only_runs,
            limit=limit,
            offset=offset,
        )
        return Response({"events": events, "totalCount": total})


class RunEventsView(EventsView):
    """The events of runs: Marquez's page of events can show no others."""

    only_runs = True


class TagsView(MarquezView):
    """The tags that datasets and jobs carry."""

    def get(self, request: Request) -> Response:
        """Answer one page, by name; the description is the values that the tag was given."""
        limit, offset = parameters.window(request.query_params)
        found = namespaces.tags(self.actor)
        named = [{"name": name, "description": values or None} for name, values in found.items()]
        return Response({"tags": named[offset : offset + limit]})


class SourcesView(MarquezView):
    """Where datasets lie."""

    def get(self, request: Request) -> Response:
        """Answer one page, by name."""
        limit, offset = parameters.window(request.query_params)
        found = namespaces.sources(self.actor)
        page = [shapes.source(item) for item in found[offset : offset + limit]]
        return Response({"sources": page, "totalCount": len(found)})


class SourceView(MarquezView):
    """One place where datasets lie."""

    def get(self, request: Request, name: str) -> Response:
        """Answer it."""
        return Response(shapes.source(namespaces.source(self.actor, name)))


COUNTED: dict[str, Callable[..., list[Interval]]] = {
    "lineage-events": statistics.event_counts,
    "jobs": statistics.jobs_known,
    "datasets": statistics.datasets_known,
    "sources": statistics.sources_known,
}
TYPES = ("fail", "start", "complete", "abort")


class StatsView(MarquezView):
    """Numbers over the last day or week."""

    def get(self, request: Request, counted: str) -> Response:
        """Answer them for each hour of the day, or each day of the week in ``timezone``."""
        query = request.query_params
        count = COUNTED.get(counted)
        if count is None:
            raise NotFound
        periods = tuple(statistics.Period)
        period = parameters.choice(query, "period", periods, default=statistics.Period.DAY)
        zone = parameters.zone(query)
        found = count(self.actor, statistics.Period(period), zone, timezone.now())
        named = TYPES if counted == "lineage-events" else ("count",)
        return Response([_interval(item, named) for item in found])


def _interval(found: Interval, named: tuple[str, ...]) -> dict[str, Any]:
    bounds = {"startInterval": shapes.time(found.start), "endInterval": shapes.time(found.end)}
    return bounds | {name: found.counts.get(name, 0) for name in named}
