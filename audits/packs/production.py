"""What is in production in scope: where it came from, and a dossier on each version."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.db.models import TextField
from django.db.models.functions import Cast

from audits.dossiers.collect import dossier_of
from audits.dossiers.formats import formats_of
from audits.packs.archive import Part
from audits.packs.journal import JSON
from registry.models import FrozenProvenance
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.packs.basis import Basis
    from registry.models import AssetVersion

AT_ONCE = 100
# What a folder's name may have of a reference, on every file system; the rest is percent-encoded.
PLAIN = " ()+,=@~"


def provenance_parts(basis: Basis) -> Iterator[Part]:
    """Yield the provenance that promotions froze, by its digest."""
    frozen = FrozenProvenance.objects.filter(version__in=basis.versions)
    rows = frozen.order_by("digest").annotate(text=Cast("body", TextField()))
    last = ""
    for digest, text in rows.values_list("digest", "text").iterator(AT_ONCE):
        if digest != last:
            name = digest.removeprefix("sha256:")
            yield Part(f"provenance/{name}.json", JSON, [text.encode()])
        last = digest


def dossier_parts(basis: Basis) -> Iterator[Part]:
    """Yield the dossier on each version, one at a time, in every form that can tell of its kind.

    They tell of what lies in the workspaces of the pack, and of nothing else.
    """
    for version in basis.versions:
        dossier = dossier_of(version, at=basis.as_of, within=basis.workspaces)
        folder = folder_of(version)
        for form in formats_of(version.asset.kind).values():
            path = f"{folder}/{version.asset.kind}{form.suffix}"
            yield Part(path, form.media_type.partition(";")[0], [form.render(dossier)])


def folder_of(version: AssetVersion) -> str:
    """Return where the dossier on a version lies: its reference, as folders that are safe."""
    reference = reference_of(version)
    name = quote(reference.name, safe=PLAIN)
    # Neither a part of a path that leads upwards, nor one that a system hides or cuts off.
    if name.strip(". ") != name:
        name = quote(name, safe="%").replace(".", "%2E").replace(" ", "%20")
    return f"dossiers/{reference.workspace}/{reference.kind}/{name}/{reference.number}"
