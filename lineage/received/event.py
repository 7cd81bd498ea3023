"""An OpenLineage event, as far as this service understands it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from lineage.received.marks import Mark
    from lineage.received.validation import Problem

NO_FACETS: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Named:
    """A job or a dataset with what was told of it; ``own`` are input or output facets."""

    key: str
    namespace: str
    name: str
    facets: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """A valid event. ``body`` is its JSON with sorted keys, without secrets; ``digest`` is of the
    same JSON as it was sent.

    ``kind`` is RUN, JOB or DATASET; a DATASET event has its dataset as the one output, and no job.
    """

    kind: str
    type: str
    time: datetime
    mark: Mark
    body: bytes
    digest: str
    run_id: str = ""
    run_facets: Mapping[str, Any] = field(default_factory=dict)
    job: Named | None = None
    inputs: Sequence[Named] = ()
    outputs: Sequence[Named] = ()
    warnings: Sequence[Problem] = ()

    @property
    def datasets(self) -> Sequence[Named]:
        """Return everything that the event says is read or written."""
        return (*self.inputs, *self.outputs)
