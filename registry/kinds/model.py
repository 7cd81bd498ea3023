"""Models: weights of our own, weights elsewhere, or a hosted API without weights."""

from __future__ import annotations

from registry.kinds.base import Kind
from registry.kinds.links import LinkRole

MODEL = Kind(
    slug="model",
    label="Model",
    plural="models",
    schema_version=1,
    summary="A trained model, by bytes, by address, or as a hosted API.",
    link_roles=frozenset(
        {
            LinkRole.TRAINED_ON,
            LinkRole.FINE_TUNED_FROM,
            LinkRole.ADAPTER_OF,
            LinkRole.DISTILLED_FROM,
            LinkRole.MERGED_FROM,
            LinkRole.DERIVED_FROM,
        }
    ),
    # An adapter does not run without its base.
    member_roles=frozenset({LinkRole.ADAPTER_OF}),
)
