"""What a dossier tells of how a version stands: what brought, names, serves and excuses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audits.reports.assessment import Person


@dataclass(frozen=True)
class Holder:
    """Who owned the asset: an account, or a group by its name. ``is_default`` tells that nobody
    was named, so that whoever created the asset is it."""

    name: str
    is_group: bool
    is_default: bool


@dataclass(frozen=True)
class Verdict:
    """What a gate said: pass, require_approval or refuse; ``reasons`` are its sentences."""

    gate: str
    outcome: str
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]
    binding: str


@dataclass(frozen=True)
class Approved:
    """One person's decision; ``counts`` where it was bound to exactly what was promoted."""

    uuid: str
    decision: str
    by: Person
    at: str
    binding: str
    comment: str
    counts: bool


@dataclass(frozen=True)
class Decided:
    """A policy decision that a gate's verdict rests on, by its digests."""

    uuid: str
    policy: str
    policy_digest: str
    input_digest: str
    bundle_digest: str
    state: str
    engine: str
    evaluated_at: str


@dataclass(frozen=True)
class Promoted:
    """A completed promotion that brought the version, or took it further.

    ``source`` and ``results`` are full references: what was promoted, and every version that stands
    for it and its members in ``target``.
    """

    uuid: str
    source: str
    source_digest: str
    target: str
    results: tuple[str, ...]
    alias: str
    reason: str
    requested_by: Person
    requested_at: str
    completed_at: str
    rolled_back_at: str | None
    binding: str
    required_approvals: int
    verdicts: tuple[Verdict, ...]
    approvals: tuple[Approved, ...]
    decisions: tuple[Decided, ...]
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Named:
    """An alias that pointed at the version then."""

    name: str
    since: str
    moved_by: Person
    reason: str
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deployed:
    """A time during which a revision of a deployment served the version; ``until`` is None where it
    did so still. ``traffic`` is its share in percent; 0 for one that only mirrors."""

    deployment: str
    revision: int
    digest: str
    endpoint: str
    traffic: int
    state: str
    since: str
    until: str | None
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exempted:
    """An exemption in force that covers the version's asset, or everything in its workspace."""

    uuid: str
    subject: str
    category: str
    reason: str
    ticket: str
    owner: Person
    approved_by: Person
    valid_from: str
    expires_at: str
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """What an attestation rests on: an address, or the digest of a file that is kept."""

    title: str
    uri: str
    digest: str


@dataclass(frozen=True)
class Attested:
    """What a person said of a manual rule, for the version's asset or all of its workspace.

    ``state`` is compliant or non_compliant, ``controls`` those of the rule, as ``framework/id``.
    """

    uuid: str
    policy: str
    title: str
    controls: tuple[str, ...]
    state: str
    comments: str
    owner: Person
    attested_by: Person
    assessed_at: str
    expires_at: str
    evidence: tuple[Shown, ...]
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What failed on the version, on an alias that meant it or on a deployment that served it."""

    uuid: str
    origin: str
    subject: str
    title: str
    severity: str
    state: str
    first_seen_at: str
