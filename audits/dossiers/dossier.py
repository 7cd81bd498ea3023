"""What is on record about one version as of a time, as data: collected once, rendered in any form.

Everything here is plain and frozen and holds no floats: numbers that were measured are the decimal
text that RFC 8785 writes, times are RFC 3339 in UTC. ``entries`` of a fact are the ids of the
journal entries behind it; ``Dossier.entries`` has each of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from audits.dossiers.standing import Attested, Deployed, Exempted, Finding, Named, Promoted
from audits.dossiers.subjects import (
    Card,
    Evaluation,
    Link,
    Measure,
    Outside,
    Run,
    Signature,
    Tag,
    Thing,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audits.dossiers.standing import Holder

SCHEMA = "urn:muniment:dossier:1"
# Of what a version is made: whatever it was trained on or derived from, and what it uses.
BASES = ("fine_tuned_from", "adapter_of", "distilled_from", "merged_from", "derived_from")
DATA = ("trained_on", "uses_dataset", "indexes")
MEASURED = ("evaluated_on", "evaluates")
# The step from a copy to the version that it is a copy of.
PROMOTED = "promoted_from"


@dataclass(frozen=True)
class Entry:
    """A journal entry: ``digest`` is the SHA-256 of its exact bytes. ``seq`` is None until the
    sequencer has placed it, and never changes after that."""

    uuid: str
    seq: int | None
    action: str
    occurred_at: str
    subject: str
    digest: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Provenance:
    """What a promotion, or the bundle of an import, froze of where a version came from.

    ``body`` is its canonical JSON, over which ``digest`` is.
    """

    digest: str
    body: str
    is_complete: bool


@dataclass(frozen=True)
class Dossier:
    """All that is on record about ``version`` as of ``as_of``.

    ``things`` are the versions that it was made of or uses, at any distance, nearest first and
    itself first of all; ``links`` lead between them. ``hidden`` counts neighbours in workspaces
    that whoever reads the dossier need not be allowed to see; without ``is_complete`` a limit left
    some out. ``lifecycle`` is active, deprecated,
    archived or withdrawn; ``deleted_at`` is None for what stands.
    """

    instance: str
    as_of: str
    workspace: str
    stage: str
    lifecycle: str
    deleted_at: str | None
    owners: tuple[Holder, ...]
    tags: tuple[Tag, ...]
    measures: tuple[Measure, ...]
    card: Card | None
    signatures: tuple[Signature, ...]
    things: tuple[Thing, ...]
    links: tuple[Link, ...]
    hidden: int
    is_complete: bool
    runs: tuple[Run, ...]
    outside: tuple[Outside, ...]
    evaluations: tuple[Evaluation, ...]
    provenance: Provenance | None
    promotions: tuple[Promoted, ...] = ()
    aliases: tuple[Named, ...] = ()
    deployments: tuple[Deployed, ...] = ()
    exemptions: tuple[Exempted, ...] = ()
    attestations: tuple[Attested, ...] = ()
    findings: tuple[Finding, ...] = ()
    entries: tuple[Entry, ...] = ()
    schema: str = SCHEMA

    @property
    def version(self) -> Thing:
        """Return the version that the dossier is about."""
        return self.things[0]

    @cached_property
    def by_uri(self) -> dict[str, Thing]:
        """Return every version of the dossier by its full reference."""
        return {thing.uri: thing for thing in self.things}

    @cached_property
    def standing_for(self) -> dict[str, str]:
        """Return which version stands for each: the copy nearest to the version for those that it
        is a copy of, at any distance; full references."""
        copies = {
            link.target: link.source for link in reversed(self.links) if link.role == PROMOTED
        }
        found = {}
        for uri in self.by_uri:
            copy, passed = uri, {uri}
            while (nearer := copies.get(copy)) is not None and nearer not in passed:
                copy = nearer
                passed.add(copy)
            found[uri] = copy
        return found

    @property
    def components(self) -> tuple[Thing, ...]:
        """Return each version once, whatever it is a copy of; the one that all is about first."""
        return tuple(each for each in self.things if self.standing_for[each.uri] == each.uri)

    @cached_property
    def relations(self) -> tuple[Link, ...]:
        """Return the links between ``components``, each once."""
        stands = self.standing_for
        found = (
            replace(link, source=stands[link.source], target=stands[link.target])
            for link in self.links
            if link.role != PROMOTED
        )
        return tuple(dict.fromkeys(each for each in found if each.source != each.target))

    @property
    def origins(self) -> tuple[str, ...]:
        """Return the full references of the version itself and of what it is a copy of."""
        root = self.version.uri
        return tuple(uri for uri, copy in self.standing_for.items() if copy == root)

    def linked(self, roles: Iterable[str]) -> Iterator[tuple[str, Thing]]:
        """Yield what the version is linked to by one of ``roles``: the role, the other."""
        wanted = set(roles)
        for link in self.relations:
            if link.source == self.version.uri and link.role in wanted:
                yield link.role, self.by_uri[link.target]

    @property
    def judged(self) -> tuple[Evaluation, ...]:
        """Return the evaluations of the version itself, or of what it is a copy of."""
        origins = set(self.origins)
        return tuple(each for each in self.evaluations if each.evaluates in origins)

    @cached_property
    def data(self) -> tuple[Thing, ...]:
        """Return every dataset that went into it, also through base models and members; what it
        was only evaluated on did not."""
        reached, waiting = {self.version.uri}, [self.version.uri]
        while waiting:
            source = waiting.pop()
            for link in self.relations:
                if link.source != source or link.role in MEASURED or link.target in reached:
                    continue
                reached.add(link.target)
                waiting.append(link.target)
        found = [each for each in self.components[1:] if each.kind == "dataset"]
        return tuple(each for each in found if each.uri in reached)

    @property
    def brought_by(self) -> Promoted | None:
        """Return the promotion that brought the version where it is, None where none did."""
        arrived = [each for each in self.promotions if self.version.uri in each.results]
        return arrived[0] if arrived else None

    def said(self, field: str) -> str:
        """Return what the card says in a field; empty where it says nothing."""
        return dict(self.card.fields).get(field, "").strip() if self.card else ""
