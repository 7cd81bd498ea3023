"""Import frameworks, and export them, as OSCAL catalogs."""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F

from audits.events import FrameworkImported
from audits.frameworks.difference import difference
from audits.frameworks.model import stored
from audits.frameworks.reading import read_catalog
from audits.frameworks.shapes import CatalogError
from audits.frameworks.writing import catalog_of
from audits.models import OwnFramework, OwnFrameworkVersion
from audits.queries.frameworks import SHIPPED, framework, own_framework
from core.canonical import canonical_json, sha256
from core.errors import Conflict, InvalidInput, NotFound
from core.journal import publish
from registry import access

if TYPE_CHECKING:
    from audits.frameworks.difference import FrameworkDifference
    from audits.frameworks.reading import Catalog
    from core.actors import Actor

NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?\Z")


def import_catalog(
    *, actor: Actor, name: str, document: Any, reason: str = ""
) -> OwnFrameworkVersion:
    """Store an OSCAL catalog, ``{"catalog": …}``, as the next version of the framework ``name``.

    ``name`` is what policies write before the slash of a control. Needs an administrator of the
    organisation. Raises InvalidInput for a name that ships or is none, and for a document that is
    no catalog; Conflict for one that the newest version holds already.
    """
    access.require_organisation_admin(actor, subject=f"framework/{name[:100]}")
    if not NAME.match(name):
        reason = "must be of small letters, digits, '.', '-' and '_', at most 100"
        raise InvalidInput.of("name", reason)
    if name in SHIPPED:
        raise InvalidInput.of("name", f"{name} comes with the product; choose another name")
    catalog = _read(document, name)
    body = canonical_json(document)
    with transaction.atomic():
        place = _numbered(name)
        version = _store(place, catalog, body, actor=actor, reason=reason)
        publish(_imported(version), actor=actor)
    return version


def _read(document: Any, name: str) -> Catalog:
    try:
        return read_catalog(document, framework=name)
    except CatalogError as error:
        raise InvalidInput.of(error.path, error.reason) from error


def _numbered(name: str) -> OwnFramework:
    """Return the framework with its next number taken; its row is locked until the end."""
    counted = OwnFramework.objects.filter(name=name)
    if not counted.update(last_number=F("last_number") + 1):
        try:
            with transaction.atomic():
                return OwnFramework.objects.create(name=name, last_number=1)
        except IntegrityError:  # another import of the name was first
            counted.update(last_number=F("last_number") + 1)
    return counted.get()


def _store(
    place: OwnFramework, catalog: Catalog, body: bytes, *, actor: Actor, reason: str
) -> OwnFrameworkVersion:
    digest = sha256(body)
    newest = OwnFrameworkVersion.objects.filter(framework=place, number=place.last_number - 1)
    if newest.filter(digest=digest).exists():
        raise Conflict(f"Version {place.last_number - 1} of {place.name} is this very catalog.")
    return OwnFrameworkVersion.objects.create(
        framework=place,
        number=place.last_number,
        title=catalog.title,
        source=f"{catalog.title}, version {catalog.version}, as an OSCAL catalog",
        source_uri=catalog.source_uri,
        oscal_version=catalog.oscal_version,
        document=zlib.compress(body, 6),
        digest=digest,
        contents=stored(catalog.groups, catalog.controls),
        reason=reason,
        imported_by=actor.user,
    )


def _imported(version: OwnFrameworkVersion) -> FrameworkImported:
    now = own_framework(version)
    try:
        before = framework(now.name, version=version.number - 1)
    except NotFound:
        added, removed, changed = len(now.controls), 0, 0
    else:
        found = difference(before, now)
        added, removed, changed = len(found.added), len(found.removed), len(found.changed)
    return FrameworkImported(
        subject=f"framework/{now.name}/{version.number}",
        digest=version.digest,
        reason=version.reason,
        framework=now.name,
        number=version.number,
        controls=len(now.controls),
        added=added,
        removed=removed,
        changed=changed,
    )


def exported_catalog(name: str, *, version: int | None = None) -> dict[str, Any]:
    """Return a framework as an OSCAL catalog: of an imported one the document as it came, of one
    that ships what the catalogue has. Raises NotFound."""
    if name in SHIPPED:
        return catalog_of(framework(name, version=version))
    rows = OwnFrameworkVersion.objects.filter(framework__name=name).order_by("-number")
    found = (rows if version is None else rows.filter(number=version)).first()
    if found is None:
        raise NotFound
    document: dict[str, Any] = json.loads(zlib.decompress(bytes(found.document)))
    return document


def compared(name: str, *, before: int, after: int) -> FrameworkDifference:
    """Return how two versions of an imported framework differ. Raises NotFound."""
    return difference(framework(name, version=before), framework(name, version=after))
