"""Which versions a dossier tells of, and how: the version, and what it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects

from audits.dossiers.past import Past
from audits.dossiers.subjects import Artifact, Look, Thing
from audits.reports.assessment import Person
from audits.reports.moments import moment
from core.canonical import canonical_json
from core.references import within
from registry.models import ArtifactScan, FrozenProvenance, VersionArtifact
from registry.queries.upstream import upstream
from registry.queries.versions import full_reference

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from core.models import User
    from registry.models import AssetVersion

RELATED = ("asset__workspace", "spec", "created_by", "tombstone")


def person(user: User) -> Person:
    """Return an account as evidence names it."""
    return Person(str(user.uuid), user.kind, user.username)


@dataclass(frozen=True)
class Sources:
    """What a version came from. ``rows`` are the versions in the workspaces of the dossier, the
    version itself first; ``frozen`` what frozen provenance names beyond them, by public id;
    ``links`` are public ids."""

    rows: tuple[AssetVersion, ...]
    frozen: Mapping[str, Mapping[str, Any]]
    links: tuple[tuple[str, str, str], ...]
    hidden: int
    is_complete: bool
    provenance: Mapping[int, FrozenProvenance]

    @property
    def ids(self) -> dict[str, AssetVersion]:
        """Return the rows by their public ids."""
        return {str(row.uuid): row for row in self.rows}


def sources_of(version: AssetVersion, *, places: Collection[int]) -> Sources:
    """Return what ``version`` came from, over links and earlier promotions.

    What lies in the workspaces ``places`` (row ids) is told in full, what lies elsewhere as far as
    the provenance that a promotion or an import froze has it; the rest is counted. Two queries for
    each step of the longest way, and few more.
    """
    nodes, edges, is_complete = upstream(version)
    rows = [row for row in nodes.values() if row.asset.workspace_id in places]
    prefetch_related_objects(rows, *RELATED)
    provenance = FrozenProvenance.objects.in_bulk([row.pk for row in rows], field_name="version_id")
    frozen, claimed = _frozen(provenance.values())
    known = {str(row.uuid) for row in rows}
    frozen = {uuid: node for uuid, node in frozen.items() if uuid not in known}
    by_uri = {full_reference(row): str(row.uuid) for row in nodes.values()}
    links = [(by_uri[edge["from"]], edge["role"], by_uri[edge["to"]]) for edge in edges]
    links += _claims(provenance, claimed, known={*known, *frozen, *by_uri.values()})
    told = {*known, *frozen}
    return Sources(
        rows=tuple(rows),
        frozen=frozen,
        links=tuple(dict.fromkeys(each for each in links if {each[0], each[2]} <= told)),
        hidden=sum(str(row.uuid) not in told for row in nodes.values()),
        is_complete=is_complete,
        provenance=provenance,
    )


def _frozen(
    rows: Iterable[FrozenProvenance],
) -> tuple[dict[str, Mapping[str, Any]], list[tuple[int, tuple[str, str, str]]]]:
    """Return the nodes that provenance names by public id, and its edges with whose they are."""
    nodes: dict[str, Mapping[str, Any]] = {}
    edges: list[tuple[int, tuple[str, str, str]]] = []
    for row in rows:
        own = {node["ref"]: node["uuid"] for node in row.body["nodes"]}
        for node in row.body["nodes"]:
            nodes.setdefault(node["uuid"], node)
        if (root := own.get(row.body["root"])) is not None:
            edges.append((row.version_id, ("", "promoted_from", root)))
        edges += [
            (row.version_id, (own[edge["from"]], edge["role"], own[edge["to"]]))
            for edge in row.body["edges"]
            if edge["from"] in own and edge["to"] in own
        ]
    return nodes, edges


def _claims(
    provenance: Mapping[int, FrozenProvenance],
    claimed: Iterable[tuple[int, tuple[str, str, str]]],
    *,
    known: Collection[str],
) -> list[tuple[str, str, str]]:
    """Return the edges of frozen provenance; of an import, also that it is a copy of the root."""
    owners = {pk: str(row.version.uuid) for pk, row in provenance.items()}
    return [
        (start or owners[pk], role, end)
        for pk, (start, role, end) in claimed
        if end in known and (start or owners[pk]) in known
    ]


@dataclass(frozen=True)
class Teller:
    """Tells of versions as they were at a time."""

    past: Past
    artifacts: Mapping[int, Sequence[VersionArtifact]]
    looks: Mapping[tuple[int, str], ArtifactScan]

    @classmethod
    def of(cls, rows: Sequence[AssetVersion], *, at: datetime) -> Teller:
        """Read what is needed to tell of ``rows``: a constant number of queries."""
        artifacts: dict[int, list[VersionArtifact]] = {}
        for artifact in VersionArtifact.objects.filter(version__in=rows).order_by("path"):
            artifacts.setdefault(artifact.version_id, []).append(artifact)
        digests = {each.digest for found in artifacts.values() for each in found}
        places = {row.asset.workspace_id for row in rows}
        scans = ArtifactScan.objects.filter(
            workspace__in=places, digest__in=digests, scanned_at__lte=at
        )
        looks = {(scan.workspace_id, scan.digest): scan for scan in scans.order_by("id")}
        return cls(Past.of(rows, at=at), artifacts, looks if digests else {})

    def thing(self, row: AssetVersion) -> Thing:
        """Return a version that is read here."""
        place = row.asset.workspace
        return Thing(
            reference=str(self.past.reference(row)),
            uri=self.past.uri(row),
            uuid=str(row.uuid),
            workspace=place.slug,
            kind=row.asset.kind,
            name=self.past.name(row),
            number=row.number,
            digest=row.digest,
            created_at=moment(row.created_at),
            created_by=person(row.created_by),
            description=self.past.description(row),
            spec=spec_text(row),
            artifacts=tuple(
                self._artifact(each, place=place.pk) for each in self.artifacts.get(row.pk, ())
            ),
        )

    def _artifact(self, row: VersionArtifact, *, place: int) -> Artifact:
        scan = self.looks.get((place, row.digest))
        look = None
        if scan is not None:
            tool = f"{scan.tool} {scan.tool_version}"
            look = Look(scan.verdict, scan.format, tool, moment(scan.scanned_at))
        return Artifact(row.path, row.uri, row.digest, row.size, row.media_type, look)


def spec_text(row: AssetVersion) -> str:
    """Return the canonical JSON of a version's spec."""
    return canonical_json(row.spec.body).decode()


def frozen_thing(node: Mapping[str, Any]) -> Thing:
    """Return a version that frozen provenance names: its digests, and nothing of its content."""
    reference = within(node["ref"])
    workspace, kind, name, number = reference.split("/")
    return Thing(
        reference=reference,
        uri=node["ref"],
        uuid=node["uuid"],
        workspace=workspace,
        kind=kind,
        name=name,
        number=int(number),
        digest=node["digest"],
        created_at=moment(datetime.fromisoformat(node["created_at"])),
        created_by=None,
        description="",
        spec="",
        artifacts=tuple(
            Artifact(each["path"], each["uri"], each["digest"], None, "", None)
            for each in node["artifacts"]
        ),
    )
