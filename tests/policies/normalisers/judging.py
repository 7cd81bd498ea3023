"""Documents judged by shipped policies, through their forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.plain_yaml import loads
from policies.engines.base import State
from policies.engines.embedded import EmbeddedEngine
from policies.normalisers import Hints, NormalisedResource, normalise
from policies.normalisers.short_forms import function_of
from policies.packs.catalog import bundle, shipped

NOW = "2026-11-20T09:30:00.000000+00:00"


def parsed(path: Path) -> Any:
    """The value of a JSON or YAML file."""
    return loads(path.read_bytes(), tags=function_of)


def resources(form: str, document: Any, **hints: str) -> list[NormalisedResource]:
    """The resources of a document, with what shipped policies read of each accounted for."""
    reads: dict[str, set[str]] = {}
    for policy in shipped():
        for kind in policy.metadata.input_kinds:
            reads.setdefault(kind.partition("/")[2], set()).update(policy.metadata.reads)
    found, _ = normalise(form, document, hints=Hints(**hints), reads=reads)
    return found


def judge(engine: EmbeddedEngine, policy: str, resource: NormalisedResource, *, form: str) -> State:
    """What a shipped policy says of a resource."""
    document: dict[str, Any] = {
        "schema": "muniment.configuration/v1",
        "now": NOW,
        "workspace": {"slug": "assist-prod", "stage": "production"},
        "resource": {
            "type": resource.type,
            "external_id": resource.external_id,
            "source": form,
            "observed_at": NOW,
            "provenance": resource.provenance,
            "format": form,
        },
        "configuration": resource.configuration,
        "parameters": {},
    }
    if resource.fields is not None:
        document["fields"] = dict(resource.fields)
    package = f"muniment.{policy}"
    outcome = engine.evaluate(
        bundle(), packages=[package], input_json=json.dumps(document), deadline=60
    )[package]
    assert outcome.error == ""
    return outcome.state
