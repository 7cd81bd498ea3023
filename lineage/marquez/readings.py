"""What an address or a node id may mean: names hold the characters that separate them.

A web server hands on paths decoded, and names hold slashes as well as colons. So each text is read
in every way that it can be, the likeliest first; whoever knows what exists picks the first that
does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from core.errors import InvalidInput
from lineage.received.names import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_READINGS = 64
DATASETS, JOBS = "datasets", "jobs"
MEMBERS = {DATASETS: ("versions",), JOBS: ("runs", "versions")}
DATASET, JOB, RUN, FIELD = "dataset", "job", "run", "datasetField"
# Where Marquez itself splits: not within "scheme://", nor before a port.
SEPARATOR = re.compile(r":(?!//|\d)")


@dataclass(frozen=True)
class Address:
    """What lies below ``/namespaces/``: a namespace; its ``collection`` of datasets or of jobs;
    one thing in there by ``name``; and of that the ``member`` list, or ``version`` in it."""

    namespace: str
    collection: str = ""
    name: str = ""
    member: str = ""
    version: str = ""

    @property
    def key(self) -> str:
        """Return the key of the dataset or job."""
        return name_key(self.namespace, self.name)


def addresses(path: str) -> list[Address]:
    """Return the ways to read the decoded path below ``/namespaces/``."""
    texts = [path.removesuffix("/"), path] if path.endswith("/") else [path]
    found = [reading for text in texts for reading in _addresses(text)]
    return found[:MAX_READINGS]


def _addresses(path: str) -> Iterator[Address]:
    for match in re.finditer(f"/({DATASETS}|{JOBS})(?:/|$)", path):
        namespace, collection = path[: match.start()], match[1]
        rest = path[match.end() :]
        if not namespace:
            continue
        if match.end() == len(path) and not match[0].endswith("/"):
            yield Address(namespace, collection)
        if rest:
            yield from _things(namespace, collection, rest)
    yield Address(path)


def _things(namespace: str, collection: str, rest: str) -> Iterator[Address]:
    for member in MEMBERS[collection]:
        if rest.endswith(f"/{member}"):
            yield Address(namespace, collection, rest.removesuffix(f"/{member}"), member)
        name, found, version = rest.rpartition(f"/{member}/")
        if found and name and version and "/" not in version and member == "versions":
            yield Address(namespace, collection, name, member, version)
    yield Address(namespace, collection, rest)


@dataclass(frozen=True)
class NodeId:
    """A node of a graph: its type, the text behind it, and a version where the id names one."""

    type: str
    text: str
    version: UUID | None = None

    @property
    def run(self) -> UUID:
        """Return the id of the run; raises InvalidInput."""
        return uuid(self.text, field="nodeId")

    def names(self) -> list[tuple[str, str]]:
        """Return the namespaces and names that the text may mean."""
        places = _places(self.text)
        pairs = [(self.text[:place], self.text[place + 1 :]) for place in places]
        return [pair for pair in pairs if all(pair)][:MAX_READINGS]

    def fields(self) -> list[tuple[str, str, str]]:
        """Return the namespaces, datasets and fields that the text may mean."""
        found = [
            (namespace, rest[:place], rest[place + 1 :])
            for namespace, rest in self.names()
            for place in _places(rest)
        ]
        return [parts for parts in found if all(parts)][:MAX_READINGS]


def _places(text: str) -> list[int]:
    likely = [match.start() for match in SEPARATOR.finditer(text)]
    others = [place for place, sign in enumerate(text) if sign == ":" and place not in likely]
    return (likely + others)[:MAX_READINGS]


def node_id(text: str, *, types: tuple[str, ...]) -> NodeId:
    """Return what a node id says; raises InvalidInput for one that names none of ``types``."""
    kind, _, rest = text.partition(":")
    if kind not in types or not rest:
        forms = ", ".join(_form(item) for item in types)
        raise InvalidInput.of("nodeId", f"must be one of {forms}")
    named, _, version = rest.rpartition("#")
    if named and (found := _uuid(version)):
        return NodeId(kind, named, found)
    return NodeId(kind, rest)


def _form(kind: str) -> str:
    if kind == RUN:
        return "run:<uuid>"
    field = ":<field>" if kind == FIELD else ""
    return f"{kind}:<namespace>:<name>{field}"


def uuid(text: str, *, field: str) -> UUID:
    """Return the UUID that ``text`` spells; raises InvalidInput."""
    found = _uuid(text)
    if found is None:
        raise InvalidInput.of(field, f"{text[:80]!r} is not a UUID")
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
