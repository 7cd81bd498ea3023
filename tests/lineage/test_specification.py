"""Our events against the specification itself, which lies outside of the repository."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from lineage.mapping.published import PUBLISHED, schema_of
from tests.lineage.steps import bodies

if TYPE_CHECKING:
    from pathlib import Path

CORE = "https://openlineage.io/spec/2-0-2/OpenLineage.json"
ATTACHED = {"facets", "inputFacets", "outputFacets"}


@pytest.fixture
def events(whole_life: None) -> list[dict[str, Any]]:
    """Every event that one pass through everything that we tell of yields."""
    return bodies()


@cache
def facet_validator(spec: Path, name: str) -> jsonschema_rs.Draft202012Validator:
    known = [(CORE, json.loads((spec / "OpenLineage.json").read_text()))]
    known += [(f"urn:muniment:{facet}", schema_of(facet, version)) for facet, version in PUBLISHED]
    for path in (spec / "facets").glob("*.json"):
        known.append((f"urn:openlineage:{path.stem}", json.loads(path.read_text())))
    registry = jsonschema_rs.Registry(known)
    file, _, definition = name.partition("#")
    reference = {"$ref": f"{file}#{definition}"}
    return jsonschema_rs.Draft202012Validator(
        reference, registry=registry, validate_formats=True, offline=True
    )


def schema_name(url: str) -> str:
    """The name in our registry of what a facet's ``_schemaURL`` points at."""
    address, _, definition = url.partition("#")
    parts = address.removesuffix(".json").split("/")
    if "/api/lineage/schemas/" in address:
        return f"urn:muniment:{parts[-2]}#{definition}"
    return f"urn:openlineage:{parts[-1]}#{definition}"


def facets_in(value: Any) -> list[tuple[str, dict[str, Any]]]:
    """Every facet below ``value``, with the key that it is attached under."""
    found: list[tuple[str, dict[str, Any]]] = []
    if isinstance(value, dict):
        for key, member in value.items():
            if key in ATTACHED:
                found += member.items()
            found += facets_in(member)
    elif isinstance(value, list):
        for member in value:
            found += facets_in(member)
    return found


def test_every_event_fits_the_specification_and_every_facet_the_schema_that_it_names(
    events: list[dict[str, Any]], test_data: Path
) -> None:
    spec = test_data / "openlineage" / "spec"
    core = json.loads((spec / "OpenLineage.json").read_text())
    validator = jsonschema_rs.Draft202012Validator(core, validate_formats=True, offline=True)

    types = {event.get("eventType", "DATASET") for event in events}
    problems = [error.message for event in events for error in validator.iter_errors(event)]

    assert types == {"DATASET", "START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"}
    assert problems == []
    assert_facets_fit(events, spec)


def assert_facets_fit(events: list[dict[str, Any]], spec: Path) -> None:
    """Every facet fits the schema that it names, and each that we know was there."""
    seen: set[str] = set()
    problems = []
    for event in events:
        for key, facet in facets_in(event):
            seen.add(key)
            validator = facet_validator(spec, schema_name(facet["_schemaURL"]))
            problems += [f"{key}: {error.message}" for error in validator.iter_errors(facet)]

    assert seen == {
        "version",
        "datasetType",
        "hierarchy",
        "lifecycleStateChange",
        "jobType",
        "lineage",
        "test",
        "tags",
        "errorMessage",
        "executionParameters",
        "muniment_alias",
        "muniment_approval",
        "muniment_assetVersion",
        "muniment_deployment",
        "muniment_experiment",
        "muniment_link",
        "muniment_metrics",
        "muniment_promotion",
        "muniment_scan",
        "muniment_serving",
    }
    assert problems == []


def test_the_schemas_of_our_facets_attach_where_we_attach_them(test_data: Path) -> None:
    spec = test_data / "openlineage" / "spec"
    for name, version in PUBLISHED:
        (key,) = schema_of(name, version)["properties"]
        whole = facet_validator(spec, f"urn:muniment:{name}#")

        assert key.startswith("muniment_")
        assert not whole.is_valid({key: {"_producer": "https://a.example"}})
