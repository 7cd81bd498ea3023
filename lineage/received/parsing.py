"""From JSON to events."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from core.canonical import sha256
from lineage.received.event import NO_FACETS, Event, Named
from lineage.received.marks import moment
from lineage.received.names import name_key
from lineage.received.redaction import redacted
from lineage.received.validation import Problem, core_problems, facet_problems, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = {"RunEvent": "RUN", "JobEvent": "JOB", "DatasetEvent": "DATASET"}
ZONE = re.compile(r"(Z|[+-]\d\d:?\d\d)\Z")
_encode = msgspec.json.Encoder(order="sorted").encode


class InvalidEvent(ValueError):
    """An event that can never be received; ``problems`` say where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(
            "; ".join(f"{item.pointer or '/'}: {item.reason}" for item in problems[:3])
        )
        self.problems = problems


def parse(raw: Any, *, is_lenient: bool = False) -> Event:
    """Return the event that a JSON value is; raises InvalidEvent.

    ``is_lenient`` takes what Marquez takes: no ``schemaURL``, and times without a zone as UTC.
    What looks like a secret is taken out, with a warning.
    """
    if problems := core_problems(raw, is_lenient=is_lenient):
        raise InvalidEvent(problems)
    kind = kind_of(raw)
    time = _time(raw["eventTime"])
    sent = _encode(raw)
    digest = sha256(sent)
    raw, secrets = redacted(raw, sent)
    job = raw.get("job") if kind != "DatasetEvent" else None
    run = raw["run"] if kind == "RunEvent" else {}
    outputs = [raw["dataset"]] if kind == "DatasetEvent" else raw.get("outputs", ())
    return Event(
        kind=KINDS[kind],
        type=raw.get("eventType", "OTHER") if kind == "RunEvent" else "",
        time=time,
        mark=(moment(time), digest),
        body=_encode(raw) if secrets else sent,
        digest=digest,
        run_id=str(UUID(run["runId"])) if run else "",
        run_facets=_facets(run),
        job=_named(job) if job else None,
        inputs=[_named(item, own="inputFacets") for item in raw.get("inputs", ())] if job else (),
        outputs=[_named(item, own="outputFacets") for item in outputs],
        warnings=[*secrets, *facet_problems(raw), *(_tolerated(raw) if is_lenient else ())],
    )


def _named(raw: Mapping[str, Any], *, own: str = "") -> Named:
    namespace, name = raw["namespace"], raw["name"]
    return Named(name_key(namespace, name), namespace, name, _facets(raw), _facets(raw, own))


def _facets(raw: Mapping[str, Any], key: str = "facets") -> Mapping[str, Any]:
    """Return the facets that are objects; of any other the event's warnings tell."""
    facets = raw.get(key)
    if not facets:
        return NO_FACETS
    return {name: body for name, body in facets.items() if type(body) is dict}


def _time(text: str) -> datetime:
    """Return an eventTime, to the microsecond; one without a zone is in UTC."""
    try:
        time = datetime.fromisoformat(text.upper().replace(" ", "T"))
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        problem = Problem("/eventTime", f"{text[:40]!r} is no time: {error}"[:200])
        raise InvalidEvent([problem]) from None


def _tolerated(raw: Mapping[str, Any]) -> list[Problem]:
    found = []
    if "schemaURL" not in raw:
        found.append(Problem("", '"schemaURL" is missing'))
    if not ZONE.search(raw["eventTime"].upper()):
        found.append(Problem("/eventTime", "has no zone; read as UTC"))
    return found
