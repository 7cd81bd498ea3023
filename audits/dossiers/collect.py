"""Read what is on record about a version as of a time, and nothing that came later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings

from audits.dossiers import evaluated, held
from audits.dossiers.attested import attestations_at
from audits.dossiers.dossier import Dossier, Provenance
from audits.dossiers.found import findings_at
from audits.dossiers.promoted import promotions_of
from audits.dossiers.proofs import Journal, proven, subjects_of
from audits.dossiers.sources import Sources, Teller, frozen_thing, sources_of
from audits.dossiers.subjects import Link
from audits.reports.moments import moment
from core.canonical import canonical_json
from core.errors import InvalidInput
from core.references import within as inside
from registry.queries.life import state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from audits.dossiers.past import Past
    from audits.dossiers.subjects import Thing
    from registry.models import AssetVersion, Workspace


def dossier_of(version: AssetVersion, *, at: datetime, within: Iterable[Workspace] = ()) -> Dossier:
    """Return what was on record about ``version``, whose asset and workspace are loaded, ``at``
    that time.

    It tells of what lies in the version's workspace and in those of ``within``, which everybody
    who is to read it must be allowed to view, and of what frozen provenance has of elsewhere. The
    same time gives the same dossier whenever it is asked for; only entries that were not sequenced
    get their place later. Two queries for each step of the longest way to a source, and a constant
    number besides. Raises InvalidInput where the version was not there yet.
    """
    if version.created_at > at:
        raise InvalidInput.of("as_of", "the version was registered after that")
    workspaces = {version.asset.workspace_id: version.asset.workspace}
    workspaces |= {each.pk: each for each in within}
    sources = sources_of(version, places=workspaces)
    links = evaluated.result_links(sources.rows, places=workspaces, at=at)
    data = evaluated.data_of(links, places=workspaces)
    told = {row.pk: row for row in (*sources.rows, *(link.target for link in data))}
    teller = Teller.of(list(told.values()), at=at)
    evaluations = evaluated.evaluations_of(links, data, sources, uri=teller.past.uri)
    dossier = _described(sources, teller, told.values(), at=at, places=workspaces)
    dossier = replace(dossier, evaluations=evaluations)
    dossier = _standing(dossier, version, teller.past, at=at, places=workspaces)
    references = teller.past.uris(version)
    journal = Journal.about(
        subjects_of(dossier, references=references),
        workspaces=[each.uuid for each in workspaces.values()],
        at=at,
    )
    return proven(dossier, journal)


def _described(
    sources: Sources,
    teller: Teller,
    told: Iterable[AssetVersion],
    *,
    at: datetime,
    places: Mapping[int, Workspace],
) -> Dossier:
    """Tell what the version is and what it came from."""
    version, past = sources.rows[0], teller.past
    things = [teller.thing(row) for row in told]
    things += [frozen_thing(node) for node in sources.frozen.values()]
    made = [sources.ids[uuid] for uuid in _copied(sources) if uuid in sources.ids]
    runs, outside = evaluated.runs_of(made, places=places, at=at)
    stone = getattr(version, "tombstone", None)
    return Dossier(
        instance=settings.INSTANCE,
        as_of=moment(at),
        workspace=version.asset.workspace.slug,
        stage=past.stage(version.asset.workspace),
        lifecycle=state_of(version, at=at),
        deleted_at=moment(stone.deleted_at) if stone and stone.deleted_at <= at else None,
        owners=held.owners_at(version, at=at),
        tags=past.tags_of(version),
        measures=evaluated.measures_of([version.pk]).get(version.pk, ()),
        card=held.card_at(version, at=at),
        signatures=held.signatures_at(version, at=at),
        things=tuple(things),
        links=_links(sources, things),
        hidden=sources.hidden,
        is_complete=sources.is_complete,
        runs=runs,
        outside=outside,
        evaluations=(),
        provenance=_provenance(sources, version),
    )


def _standing(
    dossier: Dossier,
    version: AssetVersion,
    past: Past,
    *,
    at: datetime,
    places: Mapping[int, Workspace],
) -> Dossier:
    """Add what let the version where it is, what names and serves it, and what was found."""
    aliases = held.aliases_at(version, at=at)
    deployments = held.deployments_until(version, places=places, at=at)
    return replace(
        dossier,
        promotions=promotions_of(version, places=places, at=at, uri=past.uri),
        aliases=aliases,
        deployments=deployments,
        exemptions=held.exemptions_at(version, name=past.name(version), at=at),
        attestations=attestations_at(version, name=past.name(version), at=at),
        findings=findings_at(
            version,
            references={inside(each) for each in past.uris(version)},
            aliases=aliases,
            deployments=deployments,
            at=at,
        ),
    )


def _copied(sources: Sources) -> list[str]:
    """Return the public ids of the version and of what it is a copy of."""
    origin = {source: target for source, role, target in sources.links if role == "promoted_from"}
    found = [str(sources.rows[0].uuid)]
    while (uuid := origin.get(found[-1])) is not None and uuid not in found:
        found.append(uuid)
    return found


def _links(sources: Sources, things: Iterable[Thing]) -> tuple[Link, ...]:
    uris = {thing.uuid: thing.uri for thing in things}
    return tuple(Link(uris[start], role, uris[end]) for start, role, end in sources.links)


def _provenance(sources: Sources, version: AssetVersion) -> Provenance | None:
    row = sources.provenance.get(version.pk)
    if row is None:
        return None
    body = canonical_json(row.body).decode()
    return Provenance(row.digest, body, bool(row.body["is_complete"]))
