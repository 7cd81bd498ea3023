"""OpenMetadata: the requests to its REST API, in the order in which they work.

Models become ML models, everything else containers of a storage service, jobs pipelines: all of
them take lineage. Edges are put by qualified name, for ids are given by the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lineage.exports.picture import Dataset, fitting, properties, title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lineage.exports.picture import Edge, Job, Picture, Thing

API = "/api/v1"
MAX_NAME = 256
SERVICES = (
    ("mlmodelServices", "CustomMlModel", "", "ML models"),
    ("storageServices", "CustomStorage", "", "datasets, prompts, flows and results"),
)
SERVICES_OUTSIDE = (
    ("storageServices", "CustomStorage", "_outside", "datasets outside that events told of"),
    ("pipelineServices", "CustomPipeline", "", "jobs that events told of"),
)


def document(picture: Picture) -> dict[str, Any]:
    """Return ``{"requests": [{"method", "path", "body"}]}``; each may be sent again."""
    service = f"muniment_{picture.instance.replace('.', '_')}"
    services = SERVICES + (SERVICES_OUTSIDE if picture.datasets or picture.jobs else ())
    requests = [
        _put(
            f"services/{path}",
            {
                "name": f"{service}{suffix}",
                "serviceType": kind,
                "description": f"Muniment: {what}",
            },
        )
        for path, kind, suffix, what in services
    ]
    requests += [_entity(thing, service) for thing in picture.things]
    requests += [_pipeline(job, service) for job in picture.jobs]
    for edge in picture.edges:
        source, target = picture.known[edge.source], picture.known[edge.target]
        requests.append(_lineage(_end(source, service), _end(target, service), _told(edge)))
    for job in picture.jobs:
        requests += _touched(picture, job, service)
    return {"requests": requests}


def type_of(thing: Thing) -> str:
    """Return OpenMetadata's name for the kind of entity that a version or dataset becomes."""
    is_model = not isinstance(thing, Dataset) and thing.kind == "model"
    return "mlmodel" if is_model else "container"


def _entity(thing: Thing, service: str) -> dict[str, Any]:
    told = "\n".join(f"- {key}: `{value}`" for key, value in properties(thing).items())
    body: dict[str, Any] = {
        "name": fitting(thing.path, MAX_NAME),
        "displayName": title(thing),
        "description": told,
        "service": _service(thing, service),
    }
    if type_of(thing) == "mlmodel":
        return _put("mlmodels", {**body, "algorithm": "unknown"})
    prefix = thing.path if isinstance(thing, Dataset) else f"/{thing.path}"
    return _put("containers", {**body, "prefix": prefix})


def _pipeline(job: Job, service: str) -> dict[str, Any]:
    body = {
        "name": fitting(job.path, MAX_NAME),
        "displayName": job.name,
        "description": f"- namespace: `{job.namespace}`\n- integration: `{job.integration}`",
        "service": service,
    }
    return _put("pipelines", body)


def _touched(picture: Picture, job: Job, service: str) -> Iterator[dict[str, Any]]:
    pipeline = "pipeline", f"{service}.{_quoted(fitting(job.path, MAX_NAME))}"
    for each in job.inputs:
        yield _lineage(_end(picture.known[each], service), pipeline, "read by a job")
    for each in job.outputs:
        yield _lineage(pipeline, _end(picture.known[each], service), "written by a job")


def _told(edge: Edge) -> str:
    job = f", job {edge.job}" if edge.job else ""
    return f"{edge.relation}{job}" + (f", run {edge.run}" if edge.run else "")


def _service(thing: Thing, service: str) -> str:
    return f"{service}_outside" if isinstance(thing, Dataset) else service


def _end(thing: Thing, service: str) -> tuple[str, str]:
    """Return type and qualified name of one end of an edge."""
    name = _quoted(fitting(thing.path, MAX_NAME))
    return type_of(thing), f"{_service(thing, service)}.{name}"


def _lineage(source: tuple[str, str], target: tuple[str, str], told: str) -> dict[str, Any]:
    ends = [f"{kind}/name/{quote(name, safe='')}" for kind, name in (source, target)]
    return _put(f"lineage/{'/'.join(ends)}", {"description": told, "source": "OpenLineage"})


def _quoted(name: str) -> str:
    """Return a part of a qualified name, in quotes where it has the dot that divides parts."""
    return f'"{name}"' if "." in name else name


def _put(path: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"method": "PUT", "path": f"{API}/{path}", "body": body}
