"""What is exported: versions and datasets outside, jobs, and what leads from one to another."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote


@dataclass(frozen=True)
class Version:
    """A version; ``id`` is what edges call it, ``ref`` its reference within the installation."""

    id: str
    ref: str
    workspace: str
    kind: str
    name: str
    number: int
    digest: str
    stage: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Return ``workspace/kind/name/number``, percent-encoded as dataset names are."""
        return f"{self.workspace}/{self.kind}/{quote(self.name, safe='')}/{self.number}"


@dataclass(frozen=True)
class Dataset:
    """A dataset outside, as OpenLineage names it; ``also`` are other names of the same."""

    id: str
    namespace: str
    name: str
    also: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Return the whole name as one address: ``s3://bucket/key``."""
        return f"{self.namespace}/{self.name.removeprefix('/')}"


Thing = Version | Dataset


@dataclass(frozen=True)
class Job:
    """A job of others with the ids of what it reads and writes; ``integration`` is what runs it."""

    namespace: str
    name: str
    integration: str = ""
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Return ``namespace/name``."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True)
class Edge:
    """Data flows from ``source`` to ``target``, ids of things, in a run that made the target, of
    the job at the path ``job`` where others told of it."""

    source: str
    target: str
    relation: str
    run: str = ""
    job: str = ""

    @property
    def maker(self) -> str:
        """Return what tells the process that made the target from others."""
        return self.job or self.run or self.relation


@dataclass(frozen=True)
class Picture:
    """What is exported of an installation called ``instance``, in a fixed order."""

    instance: str
    versions: tuple[Version, ...]
    edges: tuple[Edge, ...]
    datasets: tuple[Dataset, ...] = ()
    jobs: tuple[Job, ...] = ()

    @property
    def things(self) -> tuple[Thing, ...]:
        """Return all that edges lead to and from."""
        return (*self.versions, *self.datasets)

    @cached_property
    def known(self) -> dict[str, Thing]:
        """Return the things by their ids."""
        return {thing.id: thing for thing in self.things}

    @cached_property
    def _into(self) -> dict[str, list[Edge]]:
        found: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            found[edge.target].append(edge)
        return found

    def into(self, thing: Thing) -> list[tuple[Thing, Edge]]:
        """Return the direct sources of a thing with the edges from them."""
        return [(self.known[edge.source], edge) for edge in self._into.get(thing.id, ())]


def properties(thing: Thing) -> dict[str, str]:
    """Return what every catalogue is told of a thing, as plain text, without what is empty."""
    if isinstance(thing, Dataset):
        told = {"namespace": thing.namespace, "name": thing.name, "also": ", ".join(thing.also)}
    else:
        told = {
            "ref": thing.ref,
            "workspace": thing.workspace,
            "kind": thing.kind,
            "asset": thing.name,
            "version": str(thing.number),
            "digest": thing.digest,
            "stage": thing.stage,
            "aliases": ", ".join(thing.aliases),
        }
    return {key: value for key, value in told.items() if value}


def title(thing: Thing) -> str:
    """Return what a thing is called where people read it."""
    return thing.name if isinstance(thing, Dataset) else f"{thing.name} {thing.number}"


def fitting(text: str, limit: int) -> str:
    """Return ``text``; a long one is cut, and made unique by its digest."""
    if len(text) <= limit:
        return text
    return f"{text[: limit - 17]}~{hashlib.sha256(text.encode()).hexdigest()[:16]}"
