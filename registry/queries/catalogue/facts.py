"""What the catalogue tells of assets, read afresh: a batch at the cost of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Context, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db.models import Max, OuterRef, Subquery

from registry.kinds import KINDS
from registry.models import (
    Alias,
    Asset,
    AssetFormerName,
    AssetTag,
    AssetVersion,
    CatalogueLabel,
    Metric,
    VersionTag,
)
from registry.models.catalogue import MAX_FACT
from registry.models.life import ACTIVE
from registry.queries.cards import cards_of
from registry.queries.catalogue.words import spaced
from registry.queries.life import open_states
from registry.queries.scans import NONE, verdicts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

MAX_PROSE = 20_000
MAX_SUMMARY = 300
MAX_LABELS = 500
LARGEST = 2**63 - 1
PRICES = ("input_per_million", "cached_input_per_million", "output_per_million")
# As many digits as SQLite's numbers hold.
AMOUNTS = Context(prec=15)
Label = CatalogueLabel.Field
# What is measured: value, and the version that it was measured on or that reports it.
MetricKey = tuple[int, str, str]


@dataclass(frozen=True)
class Facts:
    """An entry as it should read: its columns, its labels, its metrics and its words."""

    columns: Mapping[str, Any]
    labels: frozenset[tuple[str, str]]
    metrics: Mapping[MetricKey, tuple[int, float]]
    words: tuple[str, str, str, str]


@dataclass
class _Around:
    """What stands beside a batch of assets and their newest versions."""

    labels: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    metrics: dict[int, dict[MetricKey, tuple[int, float]]] = field(default_factory=dict)

    def label(self, asset: int, name: str, value: str) -> None:
        """Note a label; a crowd of them is cut."""
        held = self.labels.setdefault(asset, set())
        if value and len(held) < MAX_LABELS:
            held.add((name, value))


def facts_of(asset_ids: Collection[int]) -> dict[int, Facts]:
    """Return the entries that those of the assets should have which nobody deleted."""
    newest = AssetVersion.objects.filter(asset=OuterRef("pk"), tombstone__isnull=True)
    assets = list(
        Asset.objects.filter(pk__in=asset_ids, deleted_at__isnull=True)
        .annotate(newest=Subquery(newest.order_by("-number").values("pk")[:1]))
        .order_by("pk")
    )
    wanted = [asset.newest for asset in assets if asset.newest]
    versions = {
        version.asset_id: version
        for version in AssetVersion.objects.filter(pk__in=wanted).select_related(
            "asset__workspace", "spec", "details"
        )
    }
    cards = cards_of(versions.values())
    scans = verdicts_of(versions.values())
    states = open_states(wanted)
    around = _around([asset.pk for asset in assets], versions)
    found: dict[int, Facts] = {}
    for asset in assets:
        version = versions.get(asset.pk)
        key = version.pk if version else 0
        card, state = cards.get(key), states.get(key)
        standing = {
            "card_status": card.status if card else "",
            "lifecycle": state.state if state else ACTIVE,
            "scan_verdict": str(scans[key].verdict) if key in scans else NONE,
        }
        card_fields = card.fields if card else {}
        found[asset.pk] = _facts(asset, version, card=card_fields, standing=standing, around=around)
    return found


def _facts(
    asset: Asset,
    version: AssetVersion | None,
    *,
    card: Mapping[str, str],
    standing: Mapping[str, str],
    around: _Around,
) -> Facts:
    spec = version.spec.body if version else {}
    spoken = _spoken(spec)
    labels = around.labels.get(asset.pk, set()) | _modalities(spec)
    details = getattr(version, "details", None)
    described = [asset.description, details.description if details else ""]
    texts = [*described, *map(str, card.values())]
    prose = "\n".join(dict.fromkeys(text for text in texts if text))[:MAX_PROSE]
    told_at = [asset.updated_at, *([version.created_at] if version else [])]
    told_at += [details.updated_at] if details else []
    columns = {
        "workspace_id": asset.workspace_id,
        "version_id": version.pk if version else None,
        "kind": asset.kind,
        "name": asset.name,
        "name_words": spaced(asset.name),
        "summary": _summary(card, described),
        "prose": prose,
        "created_at": asset.created_at,
        "updated_at": max(told_at),
        **spoken,
        **standing,
    }
    known = KINDS.get(asset.kind)
    said = [str(spoken[key]) for key in ("task", "provider", "license")]
    said += [asset.kind, known.label if known else "", *sorted(value for _, value in labels)]
    words = (
        spaced(asset.name),
        spaced(str(columns["summary"])),
        spaced(" ".join(said)),
        spaced(prose),
    )
    return Facts(columns, frozenset(labels), around.metrics.get(asset.pk, {}), words)


def _summary(card: Mapping[str, str], described: Sequence[str]) -> str:
    """Return what sums the asset up. It is shown to whoever may discover the workspace: no other
    field of the card was written for them."""
    summary = next((text for text in (card.get("summary"), *described) if text), "")
    return " ".join(str(summary).split())[:MAX_SUMMARY]


def _spoken(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that a spec fills."""
    source = spec.get("source")
    source = source if isinstance(source, dict) else {}
    price = spec.get("price")
    price = price if isinstance(price, dict) else {}
    amounts = [amount for key in PRICES if (amount := _amount(price.get(key))) is not None]
    return {
        "task": _text(spec.get("task")),
        "provider": _text(source.get("provider") or spec.get("provider")),
        "license": _text(spec.get("license")),
        "risk_tier": _text(spec.get("risk_tier")),
        "source_type": _text(source.get("type")),
        "parameters": _count(spec.get("parameters")),
        "context_length": _count(spec.get("context_length")),
        "price": max(amounts, default=None),
        "currency": _text(price.get("currency"))[:3] if amounts else "",
    }


def _text(value: object) -> str:
    return value[:MAX_FACT] if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    """Return a number of the spec, which JSON may write as 7e9."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    return int(min(value, LARGEST))


def _amount(value: object) -> Decimal | None:
    try:
        return AMOUNTS.create_decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None


def _modalities(spec: Mapping[str, Any]) -> set[tuple[str, str]]:
    found = spec.get("modalities")
    return (
        {(Label.MODALITY.value, str(each)) for each in found} if isinstance(found, list) else set()
    )


def _around(asset_ids: Collection[int], versions: Mapping[int, AssetVersion]) -> _Around:
    around = _Around()
    by_version = {version.pk: asset for asset, version in versions.items()}
    for asset, name in AssetFormerName.objects.filter(asset__in=asset_ids).values_list(
        "asset_id", "name"
    ):
        around.label(asset, Label.FORMER_NAME.value, name)
    for asset, name in Alias.objects.filter(asset__in=asset_ids).values_list("asset_id", "name"):
        around.label(asset, Label.ALIAS.value, name)
    for asset, key, head in AssetTag.objects.filter(asset__in=asset_ids).values_list(
        "asset_id", "key", "value_head"
    ):
        around.label(asset, Label.TAG.value, f"{key}:{head}")
    for version, key, head in VersionTag.objects.filter(version__in=by_version).values_list(
        "version_id", "key", "value_head"
    ):
        around.label(by_version[version], Label.TAG.value, f"{key}:{head}")
    _measure(around, by_version)
    return around


def _measure(around: _Around, by_version: Mapping[int, int]) -> None:
    """Note the last value of each metric, of the versions themselves and of their evaluations."""
    shape = ("version__asset__workspace_id", "name", "evaluator")
    own = Metric.objects.filter(version__in=by_version).values_list("version_id", *shape)
    evaluated = Metric.objects.filter(
        version__links__role="evaluates",
        version__links__target__in=by_version,
        version__tombstone__isnull=True,
    ).values_list("version__links__target_id", *shape)
    last: dict[tuple[int, MetricKey], int] = {}
    for rows in (own, evaluated):
        for target, workspace, name, evaluator, metric in rows.annotate(last=Max("id")):
            found = by_version[target], (workspace, name, evaluator)
            last[found] = max(metric, last.get(found, 0))
    values = _values(last.values())
    for (asset, key), metric in last.items():
        around.metrics.setdefault(asset, {})[key] = values[metric]


def _values(metrics: Iterable[int]) -> dict[int, tuple[int, float]]:
    rows = Metric.objects.filter(pk__in=set(metrics)).values_list("pk", "version_id", "value")
    return {key: (version, value) for key, version, value in rows}
