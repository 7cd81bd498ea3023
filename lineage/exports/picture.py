"""What is exported: versions that have a name, and what leads from one to another."""

from __future__ import annotations

from dataclasses import dataclass
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
class Edge:
    """Data flows from ``source`` to ``target``, ids of versions, in a run that made the target."""

    source: str
    target: str
    relation: str
    run: str


@dataclass(frozen=True)
class Picture:
    """What is exported of an installation called ``instance``, in a fixed order."""

    instance: str
    versions: tuple[Version, ...]
    edges: tuple[Edge, ...]

    def into(self, version: Version) -> list[tuple[Version, Edge]]:
        """Return the direct sources of a version with the edges from them."""
        known = {each.id: each for each in self.versions}
        return [(known[edge.source], edge) for edge in self.edges if edge.target == version.id]


def properties(version: Version) -> dict[str, str]:
    """Return what every catalogue is told of a version, as plain text, without what is empty."""
    told = {
        "ref": version.ref,
        "workspace": version.workspace,
        "kind": version.kind,
        "asset": version.name,
        "version": str(version.number),
        "digest": version.digest,
        "stage": version.stage,
        "aliases": ", ".join(version.aliases),
    }
    return {key: value for key, value in told.items() if value}
