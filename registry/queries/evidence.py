"""What was measured on a version's very content, wherever rules may take it from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.kinds.links import LinkRole
from registry.models import AssetVersion, Metric, VersionLink
from registry.queries.life import WITHDRAWN, in_state
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from registry.models import Workspace


@dataclass(frozen=True)
class Measured:
    """A metric of a result; ``datasets`` are the names, references and digests of what the result
    was evaluated on."""

    result: str
    metric: str
    value: float
    evaluator: str
    at: datetime
    datasets: frozenset[str]


def measured_on(version: AssetVersion, *, target: Workspace) -> tuple[Measured, ...]:
    """Return every metric on the digest of ``version``, newest result first, in few queries.

    Results count where the version lies, where what it is a copy of lies, and in the target:
    results elsewhere could be made by anybody who may read the version.
    """
    places = {version.asset.workspace_id, target.pk, *_origins(version)}
    links = VersionLink.objects.filter(
        role=LinkRole.EVALUATES,
        target__digest=version.digest,
        target__asset__kind=version.asset.kind,
        version__asset__kind="result",
        version__asset__workspace__in=places,
        # A copy is younger than what it tells.
        version__promoted_from__isnull=True,
    ).values("version")
    results = (
        AssetVersion.objects.filter(~in_state(WITHDRAWN), pk__in=links, tombstone__isnull=True)
        .select_related("asset__workspace")
        .order_by("-created_at", "-id")
    )
    by_id = {result.pk: result for result in results}
    datasets = _datasets(by_id)
    metrics: dict[int, list[Metric]] = {}
    for metric in Metric.objects.filter(version__in=by_id).order_by("name", "evaluator"):
        metrics.setdefault(metric.version_id, []).append(metric)
    return tuple(
        Measured(
            result=str(reference_of(result)),
            metric=metric.name,
            value=metric.value,
            evaluator=metric.evaluator,
            at=result.created_at,
            datasets=frozenset(datasets.get(result.pk, ())),
        )
        for result in by_id.values()
        for metric in metrics.get(result.pk, ())
    )


def _origins(version: AssetVersion) -> set[int]:
    """Return the ids of the workspaces of what the version is a copy of, at any distance."""
    found: set[int] = set()
    origin = version.promoted_from_id
    while origin is not None:
        row = AssetVersion.objects.values_list("promoted_from", "asset__workspace").get(pk=origin)
        origin, place = row
        found.add(place)
    return found


def _datasets(results: Iterable[int]) -> dict[int, set[str]]:
    links = VersionLink.objects.filter(
        version__in=list(results), role=LinkRole.EVALUATED_ON
    ).select_related("target__asset__workspace")
    found: dict[int, set[str]] = {}
    for link in links:
        target = link.target
        names = {target.asset.name, str(reference_of(target)), target.digest}
        found.setdefault(link.version_id, set()).update(names)
    return found
