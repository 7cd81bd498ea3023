"""One entry of the trail: what it says, what it rests on, and how anybody can verify it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from audits import trail
from audits.models import Report, Scan
from audits.queries.log import LogDamaged, keys
from audits.queries.trail_words import IDENTIFIER
from audits.services.transparency.receipts import receipts_for
from audits.transparency.merkle import leaf_hash
from console.pages.audits.path import way
from console.pages.audits.trail import line, who
from console.pages.changes import short
from console.pages.shell import page
from core.errors import Conflict
from core.models import JournalEntry
from policies.models import Decision
from registry import access
from registry.admin.mixin import actor_of
from registry.models import AssetVersion, Promotion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.queries.log import InclusionProof
    from audits.trail import TrailDetail
    from core.actors import Actor

MOST_NAMED = 60


@dataclass(frozen=True)
class Field:
    """A field of what changed, before and after; either may be missing."""

    name: str
    before: Any
    after: Any
    is_changed: bool


@dataclass(frozen=True)
class Named:
    """A digest or an id that the entry names: where in it, and the page of what it means."""

    where: str
    value: str
    address: str = ""
    title: str = ""


def entry(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return the page; raises NotFound for an entry that the user may not read."""
    actor = actor_of(request)
    found = trail.entry(actor, uuid)
    proof, waits = _proof(actor, uuid)
    leaf = leaf_hash(found.body.encode())
    told = line(found)
    return page(
        site,
        request,
        "console/audit_entry.html",
        title=f"Entry {found.seq}" if found.seq is not None else "Entry",
        entry=found,
        line=told,
        who=who(found.actor),
        fields=fields_of(found.before, found.after),
        facts=sorted(found.data.items()),
        named=_named(actor, found),
        version=_version(actor, found.subject),
        subject=short(found.subject),
        proof=proof,
        way=way(proof) if proof else None,
        waits=waits,
        leaf=leaf.hex(),
        size=len(found.body.encode()),
        receipt=receipts_for([JournalEntry.objects.get(uuid=uuid)])[0],
        commands=_commands(request, found),
    )


def _proof(actor: Actor, uuid: UUID) -> tuple[InclusionProof | None, str]:
    """Return the proof under the newest checkpoint, or why there is none yet."""
    try:
        return trail.proof(actor, uuid), ""
    except Conflict as error:
        return None, error.detail
    except LogDamaged as error:
        return None, f"The log is damaged: {error}"


def fields_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Field]:
    """Return every field of either side, those that differ first."""
    found = [
        Field(name, before.get(name), after.get(name), before.get(name) != after.get(name))
        for name in sorted({*before, *after})
    ]
    return sorted(found, key=lambda field: not field.is_changed)


def _named(actor: Actor, found: TrailDetail) -> list[Named]:
    """Return the digests and ids in an entry, with the pages of those that the user may see."""
    values: dict[str, str] = {}
    if found.digest:
        values[found.digest] = "content of the subject"
    for part in ("data", "before", "after"):
        for where, value in _texts(getattr(found, part), part):
            if IDENTIFIER.fullmatch(value):
                values.setdefault(value, where.removeprefix("data."))
    chosen = dict(list(values.items())[:MOST_NAMED])
    pages = _pages(actor, [value for value in chosen if "-" in value])
    return [Named(where, value, *pages.get(value, ())) for value, where in chosen.items()]


def _texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, f"{where}.{name}")
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, where)
    elif isinstance(value, str):
        yield where, value


def _pages(actor: Actor, uuids: list[str]) -> dict[str, tuple[str, str]]:
    """Return address and title of what the ids mean, as far as the user may see it; a query for
    each of five kinds."""
    if not uuids:
        return {}
    judged = access.in_reach(actor, path="evaluation__workspace")
    target = access.in_reach(actor, path="target")
    asset = access.in_reach(actor, path="asset__workspace")
    seen = access.in_reach(actor, path="units__workspace")
    known: list[tuple[str, str, Any]] = [
        ("promotion", "registry_promotion", Promotion.objects.filter(target)),
        ("version", "registry_assetversion", AssetVersion.objects.filter(asset)),
        ("decision", "policies_decision", Decision.objects.filter(judged)),
    ]
    found = {}
    for title, name, rows in known:
        for uuid, pk in rows.filter(uuid__in=uuids).values_list("uuid", "pk"):
            found[str(uuid)] = (reverse(f"admin:{name}_change", args=[pk]), title)
    pages: list[tuple[str, Any]] = [
        ("scan", Scan.objects.filter(seen).distinct()),
        ("report", Report.objects.filter(seen).distinct()),
    ]
    for title, rows in pages:
        for uuid in rows.filter(uuid__in=uuids).values_list("uuid", flat=True):
            found[str(uuid)] = (reverse(f"admin:console_{title}", args=[uuid]), title)
    return found


def _version(actor: Actor, subject: str) -> AssetVersion | None:
    """Return the version that the subject is a reference of, if the user may see it."""
    parts = short(subject).split("/")
    if len(parts) != 4 or not parts[3].isdecimal() or len(parts[3]) > 9:
        return None
    place, kind, name, number = parts
    return AssetVersion.objects.filter(
        access.in_reach(actor, path="asset__workspace"),
        asset__workspace__slug=place,
        asset__kind=kind,
        asset__name=name,
        number=int(number),
    ).first()


def _commands(request: HttpRequest, found: TrailDetail) -> list[tuple[str, str]]:
    """Return what anybody may run to see for themselves, and what comes out of it."""
    base = f"{request.scheme}://{request.get_host()}"
    detail = base + reverse("trail-detail", args=[found.uuid])
    ask = 'curl -sf -H "Authorization: Bearer $TOKEN"'
    get = f"{ask} {shlex.quote(detail)}"
    key = next((key.vkey for key in keys() if key.purpose == "log"), "")
    return [
        ("The digest of the record", f"{get} | jq -rj .body | sha256sum"),
        ("The hash of its leaf", f"(printf '\\000'; {get} | jq -rj .body) | sha256sum"),
        ("The proof, as data", f"{ask} {shlex.quote(detail + 'proof/')}"),
        (
            "The whole log, offline and without this service",
            "python3 manage.py export_log log\n"
            f"python3 log/muniment_verify.py log --key {shlex.quote(key)}",
        ),
    ]
