"""Versions side by side, fact by fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.errors import InvalidInput
from core.references import parse
from registry import access
from registry.models import AssetVersion, Metric
from registry.models.life import ACTIVE
from registry.queries.cards import cards_of
from registry.queries.life import open_states
from registry.queries.scans import verdicts_of
from registry.queries.versions import asset_by_reference, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from core.actors import Actor

MOST = 5
MAX_ROWS = 500
DEEPEST = 6


@dataclass(frozen=True)
class Row:
    """A fact by its path, with each version's value, None where it has none."""

    field: str
    values: Sequence[Any]

    @property
    def is_equal(self) -> bool:
        """Tell whether all versions say the same."""
        return all(value == self.values[0] for value in self.values)


@dataclass(frozen=True)
class Comparison:
    """The versions in the order asked for, and what is said of them."""

    versions: Sequence[AssetVersion]
    rows: Sequence[Row]


def compare(actor: Actor, references: Sequence[str]) -> Comparison:
    """Return two to five versions side by side; a reference of an asset means its newest version.

    Raises InvalidInput for fewer or more, or one that ``actor`` may not read.
    """
    if not 2 <= len(references) <= MOST:
        raise InvalidInput.of("ref", f"give 2 to {MOST} references")
    versions = [_version(actor, text, f"ref[{at}]") for at, text in enumerate(references)]
    columns = _facts(actor, versions)
    # By first appearance, so that a fact of the second version stands near its kin.
    paths = dict.fromkeys(path for column in columns for path in column)
    rows = [Row(path, [column.get(path) for column in columns]) for path in [*paths][:MAX_ROWS]]
    return Comparison(versions, rows)


def _version(actor: Actor, text: str, field: str) -> AssetVersion:
    reference = parse(text, instance=settings.INSTANCE, field=field)
    if reference.number is not None or reference.alias:
        return resolve(actor, text, field=field)
    asset = asset_by_reference(actor, text, field=field)
    standing = asset.versions.filter(tombstone__isnull=True).order_by("-number")
    newest = standing.select_related("asset__workspace", "spec", "created_by").first()
    if newest is None:
        raise InvalidInput.of(field, f"{text[:300]!r} has no version")
    return newest


def _facts(actor: Actor, versions: Sequence[AssetVersion]) -> list[dict[str, Any]]:
    cards, scans = cards_of(versions), verdicts_of(versions)
    states = open_states([version.pk for version in versions])
    numbers = _numbers(actor, versions)
    found = []
    for version in versions:
        card, state = cards.get(version.pk), states.get(version.pk)
        spec = {key: value for key, value in version.spec.body.items() if key != "card"}
        facts: dict[str, Any] = {
            "kind": version.asset.kind,
            "digest": version.digest,
            "lifecycle": state.state if state else ACTIVE,
            "scan": str(scans[version.pk].verdict),
            "card.status": card.status if card else None,
            **dict(_leaves("spec", spec, depth=0)),
            **{f"card.{name}": text for name, text in (card.fields if card else {}).items()},
            **numbers.get(version.pk, {}),
        }
        found.append(facts)
    return found


def _leaves(path: str, value: Any, *, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value and depth < DEEPEST:
        for key, member in value.items():
            yield from _leaves(f"{path}.{key}", member, depth=depth + 1)
    else:
        yield path, value


def _numbers(actor: Actor, versions: Sequence[AssetVersion]) -> Mapping[int, Mapping[str, float]]:
    """Return the newest value of each metric and evaluator, of versions and of results on them."""
    keys = [version.pk for version in versions]
    reach = access.in_reach(actor, path="version__asset__workspace")
    found: dict[int, dict[str, float]] = {}
    shape = ("name", "evaluator", "value")
    own = Metric.objects.filter(version__in=keys).order_by("id")
    evaluated = Metric.objects.filter(
        reach,
        version__links__role="evaluates",
        version__links__target__in=keys,
        version__tombstone__isnull=True,
    ).order_by("id")
    for rows in (
        own.values_list("version_id", *shape),
        evaluated.values_list("version__links__target_id", *shape),
    ):
        for key, name, evaluator, value in rows:
            path = f"metrics.{name}" + (f" by {evaluator}" if evaluator else "")
            found.setdefault(key, {})[path] = value
    return found
