"""What a dossier tells of versions: of the one it is about, and of those it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.canonical import canonical_json, parse_canonical

if TYPE_CHECKING:
    from audits.reports.assessment import Person


@dataclass(frozen=True)
class Look:
    """What looking into stored bytes found, without running any of them."""

    verdict: str
    format: str
    tool: str
    scanned_at: str


@dataclass(frozen=True)
class Artifact:
    """Bytes of a version. ``size`` is None where only a digest was declared, ``uri`` where they
    lie; ``look`` is None for what nobody looked into."""

    path: str
    uri: str
    digest: str
    size: int | None
    media_type: str
    look: Look | None


@dataclass(frozen=True)
class Thing:
    """A version: ``reference`` names it here, ``uri`` anywhere.

    ``spec`` is the canonical JSON of its content; empty for what only frozen provenance knows,
    which tells digests and no more. ``description`` is its own, else its asset's.
    """

    reference: str
    uri: str
    uuid: str
    workspace: str
    kind: str
    name: str
    number: int
    digest: str
    created_at: str
    created_by: Person | None
    description: str
    spec: str
    artifacts: tuple[Artifact, ...]
    entries: tuple[str, ...] = ()

    @property
    def content(self) -> dict[str, Any]:
        """Return the spec as the object that it spells; empty where it is not known."""
        found: dict[str, Any] = parse_canonical(self.spec) if self.spec else {}
        return found

    @property
    def license(self) -> str:
        """Return the SPDX licence expression that the spec states; empty where it states none."""
        return str(self.content.get("license", ""))

    def stated(self, *path: str) -> str:
        """Return what the spec says at a path of keys as text; empty where it says nothing."""
        found: Any = self.content
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        if found is None:
            return ""
        return found if isinstance(found, str) else canonical_json(found).decode()


@dataclass(frozen=True)
class Link:
    """``source`` <role> ``target``, both full references: "model trained_on dataset"."""

    source: str
    role: str
    target: str


@dataclass(frozen=True)
class Tag:
    """A tag of the version, or else of its asset."""

    key: str
    value: str
    entries: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return it as one word, as others write their tags."""
        return f"{self.key}:{self.value}" if self.value else self.key


@dataclass(frozen=True)
class Measure:
    """A number that an evaluator gave; ``value`` is its decimal text."""

    name: str
    value: str
    evaluator: str


@dataclass(frozen=True)
class Evaluation:
    """What a result version says of ``evaluates``. ``datasets`` are full references of what it was
    evaluated on. What only frozen provenance knows has no method, time and data."""

    result: str
    digest: str
    evaluates: str
    method: str
    evaluated_at: str
    samples: int | None
    measures: tuple[Measure, ...]
    datasets: tuple[str, ...]
    conclusion: str = ""
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outside:
    """A dataset that a run read and that is no version here: name and digest as a client gave
    them; ``context`` says what for, such as training."""

    name: str
    digest: str
    source: str
    context: str


@dataclass(frozen=True)
class Run:
    """A run that made the version; ``parameters`` are what it was started with."""

    uuid: str
    name: str
    experiment: str
    status: str
    started_at: str
    ended_at: str | None
    started_by: Person
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Card:
    """The card as it read then. ``status`` is draft, in_review, accepted or returned; ``revision``
    is 0 for a card that came inside the spec, which nobody reviews."""

    fields: tuple[tuple[str, str], ...]
    status: str
    revision: int
    digest: str
    written_by: Person | None
    written_at: str | None
    reviewed_by: Person | None
    reviewed_at: str | None
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signature:
    """A signature of the version and what verifying it found: ``status`` is verified, failed,
    untrusted, or unverified. ``is_trusted``: the workspace trusted the signer's key then."""

    uuid: str
    digest: str
    status: str
    signer: str
    is_trusted: bool
    tool: str
    added_at: str
    verified_at: str | None
    entries: tuple[str, ...] = ()
