"""What every form of a document has in common: what it gives, how it fails, what it can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

DECLARED: Final = "declared"
OBSERVED: Final = "observed"
ABSENT: Final = "absent"
MAX_DEPTH: Final = 64
MAX_RESOURCES: Final = 1_000
MAX_NOTES: Final = 20


class NormalisationError(Exception):
    """A document is not of the form that was named. `path` is the dotted place in it."""

    def __init__(self, message: str, *, path: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.message = message
        self.path = path


@dataclass(frozen=True, slots=True)
class Hints:
    """What the submitter says beside the document, where the form cannot tell it by itself.

    `type` is the type of the resource, `external_id` its id, `module` the path of an Azure
    Verified Module.
    """

    type: str = ""
    external_id: str = ""
    module: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A resource as a form reads it. `untold` are dotted paths below `configuration` that the
    document leaves open: known after a deployment only, or set by something outside of it.
    `reach` is what the document tells of this very resource, where that is more than its form
    tells of each of the type."""

    type: str
    external_id: str
    configuration: dict[str, Any]
    untold: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    reach: Reach | None = None


@dataclass(frozen=True, slots=True)
class NormalisedResource:
    """One resource in its platform's own shape.

    `fields` says of each dotted path below `configuration` (arrays by their own path) whether it
    is declared, observed or absent; a path that is not listed is one that the form cannot tell.
    None: the document was taken as it is, and its provenance holds for all of it.
    """

    type: str
    external_id: str
    configuration: dict[str, Any]
    fields: Mapping[str, str] | None
    provenance: str
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part of the document that is no resource here, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Which paths of a resource type a form tells: the longest of the prefixes decides; the empty
    prefix stands for everything."""

    told: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    def tells(self, path: str) -> bool | None:
        """Whether a missing `path` means that there is none; None where nobody has said so."""
        best, answer = -1, None
        for prefixes, tells in ((self.told, True), (self.untold, False)):
            for prefix in prefixes:
                if is_below(path, prefix) and len(prefix) > best:
                    best, answer = len(prefix), tells
        return answer


class Form(Protocol):
    """A form of documents, for example ARM templates. Instances hold no state."""

    name: str
    title: str
    provenance: str

    def read(self, document: Any, hints: Hints) -> Iterator[Draft | Skipped]:
        """The resources in a document; raises `NormalisationError` where it is of another form."""
        ...

    def reach(self, resource_type: str) -> Reach | None:
        """What the form tells of a type; None for a type that it never gives."""
        ...


def is_below(path: str, prefix: str) -> bool:
    """Whether a dotted path is the prefix itself or goes on from it, whatever the case."""
    if not prefix:
        return True
    path, prefix = path.casefold(), prefix.casefold()
    return path == prefix or path.startswith(f"{prefix}.")


def mapping(value: Any, path: str) -> dict[str, Any]:
    """The object at `path`; raises `NormalisationError` for anything else."""
    if not isinstance(value, dict):
        raise NormalisationError("must be an object", path=path)
    return value


def text(value: Any, path: str) -> str:
    """The text at `path`, not empty; raises `NormalisationError` for anything else."""
    if not isinstance(value, str) or not value.strip():
        raise NormalisationError("must be a text that is not empty", path=path)
    return value.strip()


def member(value: Any, *names: str) -> Any:
    """The value under `names`, one inside the other; None where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def put(holder: dict[str, Any], path: str, value: Any) -> None:
    """Set `value` at a dotted path, making the objects in between."""
    *between, last = path.split(".")
    for name in between:
        inner = holder.setdefault(name, {})
        if not isinstance(inner, dict):
            inner = holder[name] = {}
        holder = inner
    holder[last] = value
