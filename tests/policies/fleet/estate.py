"""Registered OPAs for tests, and what they send."""

from __future__ import annotations

import gzip
import json
import tarfile
import uuid
from io import BytesIO
from typing import Any

from rest_framework.test import APIClient

from policies.services.fleet import opas
from policies.services.fleet.opas import Issued
from registry.models import Workspace
from tests.factories import administrator, unique

INSTANCE = "0d2f8f1e-0000-4000-8000-000000000001"


def register(workspace: Workspace, *sources: str, is_signed: bool = True, **given: Any) -> Issued:
    """An OPA of the workspace."""
    return opas.register(
        actor=administrator(),
        name=given.pop("name", "") or unique("opa"),
        workspace=workspace.slug,
        sources=sources,
        is_signed=is_signed,
        **given,
    )


def client_of(issued: Issued) -> APIClient:
    """What speaks as the OPA does."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issued.token}")
    return client


def files_of(body: bytes) -> dict[str, bytes]:
    """The files of a bundle by path."""
    with tarfile.open(fileobj=BytesIO(body), mode="r:gz") as tar:
        return {entry.name: found.read() for entry in tar if (found := tar.extractfile(entry))}


def event(decision_id: str = "", **told: Any) -> dict[str, Any]:
    """An entry of a decision log."""
    return {
        "labels": {"id": INSTANCE, "version": "1.22.2"},
        "decision_id": decision_id or str(uuid.uuid4()),
        "bundles": {"muniment": {"revision": "sha256:abc set/1"}},
        "path": "/muniment_fleet/verdicts",
        "input": {"configuration": {"properties": {"public": True}}},
        "result": {"state": "fail", "findings": []},
        "timestamp": "2026-11-27T09:10:11.123456789Z",
        **told,
    }


def send_logs(client: APIClient, events: Any, *, path: str = "/opa/logs") -> Any:
    """Upload as OPA does: gzip."""
    return client.generic(
        "POST",
        path,
        gzip.compress(json.dumps(events).encode()),  # type: ignore[arg-type]  # bytes are sent so
        content_type="application/json",
        HTTP_CONTENT_ENCODING="gzip",
    )


def send_status(client: APIClient, **told: Any) -> Any:
    """Tell a status as OPA does."""
    status = {"labels": {"id": INSTANCE, "version": "1.22.2"}, **told}
    return client.generic(
        "POST", "/opa/status", json.dumps(status), content_type="application/json"
    )
