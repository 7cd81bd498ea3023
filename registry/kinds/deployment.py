"""The configuration of a deployment: checked like a spec, but no kind of asset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.kinds.base import Kind, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registry.kinds.base import LinkedVersion


def check_ranges(spec: Mapping[str, Any], links: tuple[LinkedVersion, ...]) -> Iterator[Problem]:
    """Yield a problem for a scale that shrinks while it grows, and for a filter named twice."""
    scale = spec.get("scale", {})
    if scale.get("minimum", 0) > scale.get("maximum", float("inf")):
        yield Problem("spec.scale.minimum", "is more than the maximum")
    for side, filters in spec.get("content_filters", {}).items():
        names = [each["name"] for each in filters]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(f"spec.content_filters.{side}", f"two filters bear the name {name!r}")


CONFIGURATION = Kind(
    slug="deployment",
    label="Deployment configuration",
    plural="deployment configurations",
    schema_version=1,
    summary="How a deployment serves: filters on both sides, network, identity, scale, records.",
    extra_check=check_ranges,
)


def configuration_problems(configuration: Mapping[str, Any]) -> list[Problem]:
    """Return everything that is wrong with a configuration; paths start with it."""
    return [
        Problem("configuration" + problem.path.removeprefix("spec"), problem.reason)
        for problem in CONFIGURATION.problems(configuration)
    ]
