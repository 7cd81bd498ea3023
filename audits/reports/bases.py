"""What a report is about, as it says so itself. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VersionFacts:
    """The version that a report is about. ``members`` are the references of its closure, the
    version itself among them, sorted."""

    reference: str
    uuid: str
    kind: str
    digest: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class BasisFacts:
    """``kind`` is organisation, workspaces or version. ``as_of`` is the time that was asked for;
    the scan is the newest complete one by then. ``framework`` is empty for all of them."""

    kind: str
    as_of: str
    version: VersionFacts | None = None
    framework: str = ""


def title_of(basis: BasisFacts) -> str:
    """Return the heading of a report."""
    if basis.version is not None:
        return f"Policy assessment of {basis.version.reference}"
    return "Policy assessment of AI workspaces"
