"""The forms of a dossier. A new one is a module with ``render`` and a line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.dossiers import (
    render_annex_iv,
    render_croissant,
    render_cyclonedx,
    render_intoto,
    render_json,
    render_model_card,
    render_spdx,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from audits.dossiers.dossier import Dossier


@dataclass(frozen=True)
class DossierFormat:
    """How a dossier becomes a file.

    ``suffix`` is what its name ends with, from the first dot on; ``kinds`` are the kinds of asset
    that it can tell of, None for all. Rendering the same dossier gives the same bytes.
    """

    media_type: str
    suffix: str
    render: Callable[[Dossier], bytes]
    kinds: frozenset[str] | None = None
    is_page: bool = False

    def applies_to(self, kind: str) -> bool:
        """Tell whether versions of ``kind`` can be told of in this form."""
        return self.kinds is None or kind in self.kinds


DSSE = "application/vnd.dsse.envelope.v1+json"
LINKED = "application/ld+json"
# What may be, or be the core of, an AI system in the sense of the AI Act.
SYSTEMS = frozenset({"model", "flow", "agent", "application"})
MODELS, DATASETS = frozenset({"model"}), frozenset({"dataset"})
DOSSIER_FORMATS: dict[str, DossierFormat] = {
    "dossier": DossierFormat("application/json", ".dossier.json", render_json.render),
    "cyclonedx-1.6": DossierFormat(
        "application/vnd.cyclonedx+json; version=1.6", ".1.6.cdx.json", render_cyclonedx.render_1_6
    ),
    "cyclonedx-1.7": DossierFormat(
        "application/vnd.cyclonedx+json; version=1.7", ".1.7.cdx.json", render_cyclonedx.render_1_7
    ),
    "annex-iv": DossierFormat(
        "text/html; charset=utf-8",
        ".annex-iv.html",
        render_annex_iv.render_html,
        kinds=SYSTEMS,
        is_page=True,
    ),
    "annex-iv-json": DossierFormat(
        "application/json", ".annex-iv.json", render_annex_iv.render_json, kinds=SYSTEMS
    ),
    "spdx-3.0.1": DossierFormat(LINKED, ".spdx.json", render_spdx.render),
    "slsa-provenance": DossierFormat(DSSE, ".slsa.dsse.json", render_intoto.render_provenance),
    "promotion-evidence": DossierFormat(
        DSSE, ".promotion.dsse.json", render_intoto.render_promotion
    ),
    "model-card": DossierFormat(
        "text/markdown; charset=utf-8", ".README.md", render_model_card.render, kinds=MODELS
    ),
    "croissant-1.0": DossierFormat(
        LINKED, ".1.0.croissant.json", render_croissant.render_1_0, kinds=DATASETS
    ),
    "croissant-1.1": DossierFormat(
        LINKED, ".1.1.croissant.json", render_croissant.render_1_1, kinds=DATASETS
    ),
}


def formats_of(kind: str) -> dict[str, DossierFormat]:
    """Return the forms that versions of ``kind`` can be told of in, by name."""
    return {name: form for name, form in DOSSIER_FORMATS.items() if form.applies_to(kind)}
