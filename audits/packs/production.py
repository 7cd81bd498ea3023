"""What is in production in scope: the frozen provenance of what was promoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import TextField
from django.db.models.functions import Cast

from audits.packs.archive import Part
from audits.packs.journal import JSON
from registry.models import FrozenProvenance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.packs.basis import Basis

AT_ONCE = 100


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
