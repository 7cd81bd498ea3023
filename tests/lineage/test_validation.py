"""Events that do not fit OpenLineage are never stored: openlineage-python would let them pass."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest

from lineage.mapping.journal import map_record
from lineage.mapping.validation import InvalidEvent, require_valid
from lineage.mapping.wire import encode
from tests.lineage.entries import BASE, completion

Path = tuple[str | int, ...]


def valid_event() -> dict[str, Any]:
    event: dict[str, Any] = json.loads(encode(map_record(completion(), base_url=BASE)[-1].event))
    return event


def changed(event: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """A copy of ``event`` with ``value`` at ``path``; without that member where it is None."""
    event = copy.deepcopy(event)
    *way, last = path
    place: Any = event
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return event


def test_a_mapped_event_is_valid() -> None:
    require_valid(valid_event())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("eventTime",), "2024-06-10T07:00:00"),
        (("eventTime",), "yesterday"),
        (("eventTime",), None),
        (("producer",), "not a uri"),
        (("schemaURL",), None),
        (("eventType",), "FINISHED"),
        (("run", "runId"), "run-1"),
        (("job", "name"), ""),
        (("job", "namespace"), None),
        (("inputs", 0, "name"), None),
        (("inputs", 0, "facets", "version", "_producer"), None),
        (("inputs", 0, "facets", "version", "datasetVersion"), 3),
        (("outputs", 0, "facets", "lifecycleStateChange", "lifecycleStateChange"), "CREATED"),
        (("run", "facets", "muniment_promotion", "outcome"), "perhaps"),
        (("run", "facets", "muniment_promotion", "binding"), "sha256:short"),
        (("run", "facets", "test", "tests"), None),
        (("inputs", 0, "facets", "muniment_assetVersion", "version"), "0"),
        (("job", "facets", "lineage", "entries", 0, "type"), "TABLE"),
        (("dataset",), {"namespace": "a", "name": "b"}),
    ],
)
def test_a_broken_event_is_refused_with_the_place(path: Path, value: Any) -> None:
    with pytest.raises(InvalidEvent):
        require_valid(changed(valid_event(), path, value))


def test_the_error_says_where_and_what() -> None:
    broken = changed(valid_event(), ("run", "runId"), "run-1")

    with pytest.raises(InvalidEvent, match=re.escape("run-1")):
        require_valid(broken)


def test_facets_of_others_are_let_through() -> None:
    foreign = {"_producer": "https://a.example", "_schemaURL": "https://a.example/f.json", "x": 1}

    require_valid(changed(valid_event(), ("run", "facets", "acme_thing"), foreign))
