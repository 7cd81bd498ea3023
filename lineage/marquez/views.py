"""What every address of Marquez's API shares, and the lists of namespaces, jobs and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.response import Response
from rest_framework.views import APIView

from core.actors import Actor
from core.errors import AuthenticationRequired, NotFound
from lineage.marquez import parameters, readings, shapes
from lineage.marquez.resolving import address
from lineage.models import Run
from lineage.queries import datasets, jobs, namespaces, observed
from lineage.received import runs
from lineage.received.facets import current

if TYPE_CHECKING:
    from typing import NoReturn

    from django.http import HttpRequest
    from rest_framework.request import Request

    from lineage.marquez.readings import Address

READ_ONLY = (
    "Marquez's API is served here for reading. Datasets, jobs and runs come from OpenLineage"
    " events: send them to POST /api/v1/lineage."
)


class MarquezView(APIView):
    """A read on behalf of whoever calls; Marquez's documentation describes what is answered."""

    schema = None

    @property
    def actor(self) -> Actor:
        """Return the caller, with the limits of the credential that the call came with."""
        if not isinstance(self.request.auth, Actor):
            raise AuthenticationRequired("Authentication is required.")
        return self.request.auth

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse a change, and tell by which way things change."""
        raise MethodNotAllowed(request.method or "", detail=READ_ONLY)


class UnknownView(MarquezView):
    """What Marquez may have and we have not: changes above all."""

    def get(self, request: Request, **parts: str) -> Response:
        """Answer that there is none."""
        raise NotFound


class NamespacesView(MarquezView):
    """The namespaces of datasets and jobs."""

    def get(self, request: Request) -> Response:
        """Answer one page, by name."""
        limit, offset = parameters.window(request.query_params)
        found = namespaces.namespaces(self.actor)
        page = [shapes.namespace(item) for item in found[offset : offset + limit]]
        return Response({"namespaces": page, "totalCount": len(found)})


class NamespaceView(MarquezView):
    """All that lies below one namespace."""

    def get(self, request: Request, path: str) -> Response:
        """Answer the namespace, dataset, job or list that the path names."""
        named = address(self.actor, path)
        limit, offset = parameters.window(request.query_params)
        if named.collection == readings.DATASETS:
            return Response(self._of_datasets(named, limit, offset))
        if named.collection == readings.JOBS:
            return Response(self._of_jobs(named, limit, offset))
        found = namespaces.namespaces(self.actor, names=[named.namespace])
        return Response(shapes.namespace(found[0]))

    def _of_datasets(self, named: Address, limit: int, offset: int) -> dict[str, Any]:
        if not named.name:
            page, total = datasets.page(self.actor, named.namespace, limit=limit, offset=offset)
            return {"datasets": [shapes.dataset(item) for item in page], "totalCount": total}
        found = datasets.one(self.actor, named.key)
        if not named.member:
            return shapes.dataset(found)
        if named.version:
            uuid = readings.uuid(named.version, field="version")
            return shapes.dataset_version(found, datasets.version(self.actor, found, uuid))
        versions = datasets.versions(self.actor, found)
        page_of = versions[offset : offset + limit]
        shaped = [shapes.dataset_version(found, version) for version in page_of]
        return {"versions": shaped, "totalCount": versions.count()}

    def _of_jobs(self, named: Address, limit: int, offset: int) -> dict[str, Any]:
        if not named.name:
            return job_page(self.actor, namespace=named.namespace, limit=limit, offset=offset)
        found = jobs.one(self.actor, named.key, runs=jobs.MAX_LATEST)
        if not named.member:
            return shapes.job(found)
        version = shapes.job_version_id(found)
        if named.version:
            if named.version != version["version"]:
                raise NotFound
            return shapes.job_version(found)
        if named.member == "versions":
            return {"versions": [shapes.job_version(found)], "totalCount": 1}
        of_job = jobs.runs(self.actor, found)
        page = [shapes.run(run, job_version=version) for run in of_job[offset : offset + limit]]
        return {"runs": page, "totalCount": of_job.count()}


class JobsView(MarquezView):
    """The jobs of all namespaces."""

    def get(self, request: Request) -> Response:
        """Answer one page, the last changed first; ``lastRunStates`` asks for some states."""
        limit, offset = parameters.window(request.query_params)
        texts = request.query_params.getlist("lastRunStates")
        states = {state.upper() for text in texts for state in text.split(",") if state}
        states &= set(Run.Status.values)
        return Response(job_page(self.actor, states=states, limit=limit, offset=offset))


def job_page(
    actor: Actor,
    *,
    namespace: str | None = None,
    states: set[str] | None = None,
    limit: int,
    offset: int,
) -> dict[str, Any]:
    """Return one page of jobs with their latest runs."""
    listed = jobs.listed(actor, namespace=namespace, states=states or ())
    page = jobs.seen(actor, listed[offset : offset + limit], runs=jobs.MAX_LATEST)
    return {"jobs": [shapes.job(item) for item in page], "totalCount": listed.count()}


class RunView(MarquezView):
    """One run."""

    def get(self, request: Request, run_id: str) -> Response:
        """Answer the run."""
        run = jobs.run(self.actor, readings.uuid(run_id, field="id"))
        job = jobs.one(self.actor, run.job.key)
        return Response(shapes.run(run, job_version=shapes.job_version_id(job)))


class RunFacetsView(MarquezView):
    """The facets that the events of one run told."""

    def get(self, request: Request, run_id: str) -> Response:
        """Answer those of the run, of its job or of its datasets."""
        types = ("RUN", "JOB", "DATASET")
        kind = parameters.choice(request.query_params, "type", types, default="RUN")
        run = jobs.run(self.actor, readings.uuid(run_id, field="id"))
        if kind == "RUN":
            found = current(run.state)
        elif kind == "JOB":
            found = current(run.job.state)
        else:
            named = [*runs.inputs(run.state).values(), *runs.outputs(run.state).values()]
            found = current(observed.merged(named))
        return Response({"runId": str(run.run_id), "facets": found})
