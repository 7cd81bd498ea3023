"""OpenMetadata: the requests to its REST API, in the order in which they work.

Models become ML models, everything else containers of a storage service: both take lineage. Edges
are put by qualified name, for ids are given by the server.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lineage.exports.picture import properties

if TYPE_CHECKING:
    from lineage.exports.picture import Edge, Picture, Version

API = "/api/v1"
MAX_NAME = 256
SERVICES = (
    ("mlmodelServices", "CustomMlModel", "ML models"),
    ("storageServices", "CustomStorage", "datasets, prompts, flows and results"),
)


def document(picture: Picture) -> dict[str, Any]:
    """Return ``{"requests": [{"method", "path", "body"}]}``; each may be sent again."""
    service = f"muniment_{picture.instance.replace('.', '_')}"
    requests = [
        _put(
            f"services/{path}",
            {"name": service, "serviceType": kind, "description": f"Muniment: {what}"},
        )
        for path, kind, what in SERVICES
    ]
    requests += [_entity(version, service) for version in picture.versions]
    known = {version.id: version for version in picture.versions}
    requests += [
        _edge(known[edge.source], known[edge.target], edge, service) for edge in picture.edges
    ]
    return {"requests": requests}


def type_of(version: Version) -> str:
    """Return OpenMetadata's name for the kind of entity that a version becomes."""
    return "mlmodel" if version.kind == "model" else "container"


def _entity(version: Version, service: str) -> dict[str, Any]:
    told = "\n".join(f"- {key}: `{value}`" for key, value in properties(version).items())
    body: dict[str, Any] = {
        "name": _name(version),
        "displayName": f"{version.name} {version.number}",
        "description": told,
        "service": service,
    }
    if type_of(version) == "mlmodel":
        return _put("mlmodels", {**body, "algorithm": "unknown"})
    return _put("containers", {**body, "prefix": f"/{version.path}"})


def _edge(source: Version, target: Version, edge: Edge, service: str) -> dict[str, Any]:
    ends = [
        f"{type_of(end)}/name/{quote(f'{service}.{_quoted(_name(end))}', safe='')}"
        for end in (source, target)
    ]
    details = {
        "description": f"{edge.relation}, run {edge.run}",
        "source": "OpenLineage",
    }
    return _put(f"lineage/{'/'.join(ends)}", details)


def _name(version: Version) -> str:
    """Return the name of an entity: its path; a long one is cut, and made unique by its digest."""
    if len(version.path) <= MAX_NAME:
        return version.path
    unique = hashlib.sha256(version.path.encode()).hexdigest()[:16]
    return f"{version.path[: MAX_NAME - 17]}~{unique}"


def _quoted(name: str) -> str:
    """Return a part of a qualified name, in quotes where it has the dot that divides parts."""
    return f'"{name}"' if "." in name else name


def _put(path: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"method": "PUT", "path": f"{API}/{path}", "body": body}
