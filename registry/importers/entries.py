"""What an importer hands on: documents of ours, or what is wrong with the description."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Remote:
    """A link to something that another system names: ``address`` there, our kind of it, and the
    names that it may bear here. It becomes a link where an asset of ours is that thing."""

    role: str
    kind: str
    address: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A version to register, as a document (see ``registry.queries.documents``).

    ``place`` says where in the source it stands, ``identity`` what it is there; ``aliases`` point
    at it there, ``owners`` are accounts of ours, ``notes`` tell what could not be carried over.
    """

    place: str
    document: dict[str, Any]
    identity: str = ""
    aliases: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    remotes: tuple[Remote, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wrong:
    """A field of an entry that cannot be taken, and why."""

    field: str
    reason: str


@dataclass(frozen=True)
class Unusable:
    """An entry that cannot be understood."""

    place: str
    problems: tuple[Wrong, ...]
    name: str = ""


@dataclass
class Notes:
    """What could not be carried over, told once each."""

    told: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Note one thing."""
        if text not in self.told:
            self.told.append(text)
