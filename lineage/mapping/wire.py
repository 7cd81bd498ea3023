"""Events as bytes, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openlineage.client.event_v2 import (
    DatasetEvent,
    InputDataset,
    Job,
    JobEvent,
    OutputDataset,
    Run,
    RunEvent,
    RunState,
    StaticDataset,
)
from openlineage.client.serde import Serde

if TYPE_CHECKING:
    from lineage.mapping.record import Event


def encode(event: Event) -> bytes:
    """Return the JSON text of an event, exactly as openlineage-python's transports write it."""
    return Serde.to_json(event).encode("utf-8")


def decode(body: bytes) -> Event:
    """Return the event that ``body`` encodes: ``encode(decode(body)) == body``.

    Transports look at the class of what they send, and openlineage-python reads no JSON; so the
    outer shape is rebuilt here, and facets stay the plain objects that they are in JSON.
    """
    raw: dict[str, Any] = json.loads(body)
    base: dict[str, Any] = {"eventTime": raw["eventTime"], "producer": raw["producer"]}
    if "dataset" in raw:
        return DatasetEvent(dataset=StaticDataset(**raw["dataset"]), **base)
    base |= {
        "job": Job(**raw["job"]),
        "inputs": [InputDataset(**item) for item in raw["inputs"]],
        "outputs": [OutputDataset(**item) for item in raw["outputs"]],
    }
    if "run" not in raw:
        return JobEvent(**base)
    state = RunState(raw["eventType"]) if "eventType" in raw else None
    return RunEvent(run=Run(**raw["run"]), eventType=state, **base)
