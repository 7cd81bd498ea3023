"""What was measured on the versions of a dossier, and the runs that made its version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from audits.dossiers.sources import person
from audits.dossiers.subjects import Evaluation, Measure, Outside, Run
from audits.reports.moments import moment
from core.canonical import canonical_bytes
from registry.kinds.links import LinkRole
from registry.models import AssetVersion, Lifecycle, Metric, RunOutput, VersionLink

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from audits.dossiers.sources import Sources

    Uri = Callable[[AssetVersion], str]


def decimal(value: float) -> str:
    """Return a number as the text that RFC 8785 writes."""
    return canonical_bytes(value).decode()


def measures_of(versions: Iterable[int]) -> dict[int, tuple[Measure, ...]]:
    """Return the metrics of versions by row id, in one query."""
    found: dict[int, tuple[Measure, ...]] = {}
    rows = Metric.objects.filter(version__in=list(versions)).order_by("name", "evaluator")
    for row in rows:
        measure = Measure(row.name, decimal(row.value), row.evaluator)
        found[row.version_id] = (*found.get(row.version_id, ()), measure)
    return found


def result_links(
    rows: Sequence[AssetVersion], *, places: Collection[int], at: datetime
) -> list[VersionLink]:
    """Return the links of results in ``places`` that evaluate any of ``rows`` and stood at ``at``:
    neither deleted nor withdrawn by then."""
    withdrawn = Lifecycle.objects.as_of(at).filter(state=Lifecycle.State.WITHDRAWN)
    stands = Q(version__tombstone__isnull=True) | Q(version__tombstone__deleted_at__gt=at)
    return list(
        VersionLink.objects.filter(
            stands,
            role=LinkRole.EVALUATES,
            target__in=rows,
            version__workspace__in=places,
            version__created_at__lte=at,
        )
        .exclude(version__in=withdrawn.values("version"))
        .select_related("version__asset__workspace", "version__spec", "target__asset__workspace")
        .order_by("version__created_at", "id")
    )


def data_of(links: Iterable[VersionLink], *, places: Collection[int]) -> list[VersionLink]:
    """Return the links from those results to the data, in ``places``, that they rest on."""
    return list(
        VersionLink.objects.filter(
            role=LinkRole.EVALUATED_ON,
            version__in={link.version_id for link in links},
            target__workspace__in=places,
        )
        .select_related(
            "target__asset__workspace", "target__spec", "target__created_by", "target__tombstone"
        )
        .order_by("id")
    )


def evaluations_of(
    links: Iterable[VersionLink], data: Iterable[VersionLink], sources: Sources, *, uri: Uri
) -> tuple[Evaluation, ...]:
    """Return every evaluation of a version of the dossier, oldest first, and after them those that
    only frozen provenance knows."""
    links = list(links)
    measures = measures_of(link.version_id for link in links)
    datasets: dict[int, list[str]] = {}
    for row in data:
        datasets.setdefault(row.version_id, []).append(uri(row.target))
    found = [
        _evaluation(
            link,
            uri=uri,
            measures=measures.get(link.version_id, ()),
            datasets=tuple(datasets.get(link.version_id, ())),
        )
        for link in links
    ]
    known = {(each.digest, each.measures) for each in found}
    for each in _frozen(sources):
        if (each.digest, each.measures) not in known:
            known.add((each.digest, each.measures))
            found.append(each)
    return tuple(found)


def _evaluation(
    link: VersionLink, *, uri: Uri, measures: tuple[Measure, ...], datasets: tuple[str, ...]
) -> Evaluation:
    result, spec = link.version, link.version.spec.body
    rows = spec.get("evaluation", {}).get("rows")
    return Evaluation(
        result=uri(result),
        digest=result.digest,
        evaluates=uri(link.target),
        method=spec.get("method", ""),
        evaluated_at=moment(result.created_at),
        samples=spec.get("samples", rows),
        measures=measures,
        datasets=datasets,
        conclusion=spec.get("conclusion", ""),
    )


def _frozen(sources: Sources) -> Iterable[Evaluation]:
    for row in sources.provenance.values():
        for each in row.body["evaluations"]:
            yield Evaluation(
                result=each["result"],
                digest=each["digest"],
                evaluates=each["evaluates"],
                method="",
                evaluated_at="",
                samples=None,
                measures=tuple(_measure(metric) for metric in each["metrics"]),
                datasets=(),
            )


def _measure(metric: Mapping[str, Any]) -> Measure:
    return Measure(metric["name"], decimal(metric["value"]), metric["evaluator"])


def runs_of(
    versions: Iterable[AssetVersion], *, places: Collection[int], at: datetime
) -> tuple[tuple[Run, ...], tuple[Outside, ...]]:
    """Return the runs in ``places`` that made any of ``versions``, and the data of elsewhere that
    they read; four queries. A run that was still going told nothing for good."""
    outputs = (
        RunOutput.objects.filter(
            version__in=list(versions),
            run__created_at__lte=at,
            run__experiment__workspace__in=places,
        )
        .select_related("run__experiment", "run__created_by")
        .prefetch_related("run__params", "run__inputs")
        .order_by("run_id")
    )
    runs: dict[int, Run] = {}
    outside: dict[Outside, None] = {}
    for output in outputs:
        row = output.run
        has_ended = row.ended_at is not None and row.ended_at <= at
        runs[row.pk] = Run(
            uuid=str(row.uuid),
            name=row.name,
            experiment=row.experiment.name,
            status=row.status if has_ended else "running",
            started_at=moment(row.started_at),
            ended_at=moment(row.ended_at) if row.ended_at and has_ended else None,
            started_by=person(row.created_by),
            parameters=tuple(sorted((each.key, each.value) for each in row.params.all())),
        )
        for each in sorted(row.inputs.all(), key=lambda each: (each.name, each.digest)):
            if each.version_id is None:
                outside[Outside(each.name, each.digest, each.source, each.context)] = None
    return tuple(runs.values()), tuple(outside)
