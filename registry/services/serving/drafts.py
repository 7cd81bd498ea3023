"""Check reported windows."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypedDict

from django.utils import timezone

from core.canonical import MAX_INTEGER, canonical_digest
from core.errors import InvalidInput
from registry.measures.latency import percentile
from registry.models.serving import NANO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.models import AssetVersion
    from registry.services.serving.members import Members

MONEY = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?\Z")
CURRENCY = re.compile(r"[A-Z]{3}\Z")
COUNTS = ("requests", "errors", "tokens_in", "tokens_out")
PERCENTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
# Sums of as many windows as there will ever be stay within 64 bits, and within a decimal's digits.
MAX_COUNT = 10**12
MAX_MEASURE = 1e12
MAX_LENGTH = timedelta(days=31)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# How far a sender's clock may run ahead.
SKEW = timedelta(minutes=5)
MAX_BUCKETS = 200
MAX_BLOCKS = 100
MAX_QUALITIES = 100


class WindowDraft(TypedDict, total=False):
    """A window as it is reported: ``version`` by digest, id or reference; ``cost`` a decimal."""

    version: str
    start: datetime
    end: datetime
    requests: int
    errors: int
    tokens_in: int
    tokens_out: int
    cost: str
    currency: str
    latency: Mapping[str, Any]
    blocks: Sequence[Mapping[str, Any]]
    quality: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class CheckedWindow:
    """A window that may be stored: its own columns, and the rows that hang on it."""

    columns: dict[str, Any]
    blocks: list[dict[str, Any]]
    qualities: list[dict[str, Any]]

    @property
    def key(self) -> tuple[int, datetime, datetime]:
        """Return what identifies the window beside deployment and source."""
        return self.columns["version"].pk, self.columns["start"], self.columns["end"]


def checked_window(draft: WindowDraft, *, members: Members, path: str) -> CheckedWindow:
    """Return the window; raises InvalidInput of a field under ``path``."""
    version = members.version(draft["version"], field=f"{path}.version")
    _check_times(draft["start"], draft["end"], path=path)
    counts = {name: draft.get(name, 0) for name in COUNTS}
    for name, count in counts.items():
        if not 0 <= count <= MAX_COUNT:  # type: ignore[operator]  # mypy sees every field
            raise InvalidInput.of(f"{path}.{name}", f"must be 0 to {MAX_COUNT}")
    if draft.get("errors", 0) > draft["requests"]:
        raise InvalidInput.of(f"{path}.errors", "are more than the requests")
    blocks = _checked_blocks(draft.get("blocks", ()), path=path)
    qualities = _checked_qualities(draft.get("quality", ()), path=path)
    columns = {
        "version": version,
        "start": draft["start"],
        "end": draft["end"],
        **counts,
        **_checked_cost(draft, path=path),
        **_checked_latency(draft.get("latency", {}), path=f"{path}.latency"),
    }
    return CheckedWindow(
        {**columns, "digest": _digest(columns, version, blocks, qualities)}, blocks, qualities
    )


def _check_times(start: datetime, end: datetime, *, path: str) -> None:
    if start < EARLIEST:
        raise InvalidInput.of(f"{path}.start", f"must not lie before {EARLIEST:%Y}")
    if end <= start:
        raise InvalidInput.of(f"{path}.end", "must be after the start")
    if end - start > MAX_LENGTH:
        raise InvalidInput.of(f"{path}.end", f"must be at most {MAX_LENGTH.days} days later")
    if end > timezone.now() + SKEW:
        raise InvalidInput.of(f"{path}.end", "must not lie in the future: what served is counted")


def _digest(
    columns: Mapping[str, Any],
    version: AssetVersion,
    blocks: list[dict[str, Any]],
    qualities: list[dict[str, Any]],
) -> str:
    return canonical_digest(
        {
            **columns,
            "version": str(version.uuid),
            "start": columns["start"].isoformat(),
            "end": columns["end"].isoformat(),
            # Beyond 2^53 a number has no canonical form; a cost may be that many billionths.
            "cost_nano": str(columns["cost_nano"]),
            "blocks": blocks,
            "qualities": qualities,
        }
    )


def _checked_cost(draft: WindowDraft, *, path: str) -> dict[str, Any]:
    cost, currency = draft.get("cost", ""), draft.get("currency", "")
    if not cost and not currency:
        return {"cost_nano": None, "currency": ""}
    if not MONEY.match(cost):
        reason = "must be a decimal below 10^9 with at most 9 places, such as 0.25"
        raise InvalidInput.of(f"{path}.cost", reason)
    if not CURRENCY.match(currency):
        raise InvalidInput.of(f"{path}.currency", "must be three capital letters, such as EUR")
    return {"cost_nano": int(Decimal(cost) * NANO), "currency": currency}


def _checked_latency(latency: Mapping[str, Any], *, path: str) -> dict[str, Any]:
    """Return the columns of percentiles that were given, else read off the histogram."""
    given = {name: latency.get(name) for name in PERCENTILES}
    histogram = latency.get("histogram")
    if histogram is not None:
        _check_histogram(histogram, path=f"{path}.histogram")
        for name, share in PERCENTILES.items():
            if given[name] is None:
                given[name] = percentile(histogram["bounds"], histogram["counts"], share)
    told = [value for value in given.values() if value is not None]
    if any(not 0 <= value <= MAX_MEASURE for value in told) or told != sorted(told):
        reason = f"percentiles must be 0 to {MAX_MEASURE:.0f} milliseconds, and must rise"
        raise InvalidInput.of(path, reason)
    columns: dict[str, Any] = {f"latency_{name}": value for name, value in given.items()}
    return columns | {"latency_histogram": histogram}


def _check_histogram(histogram: Mapping[str, Any], *, path: str) -> None:
    bounds, counts = histogram["bounds"], histogram["counts"]
    if not 1 <= len(bounds) <= MAX_BUCKETS:
        raise InvalidInput.of(f"{path}.bounds", f"there must be 1 to {MAX_BUCKETS}")
    if any(not math.isfinite(each) or each <= 0 for each in bounds):
        raise InvalidInput.of(f"{path}.bounds", "must be finite and more than 0")
    if any(low >= high for low, high in pairwise(bounds)):
        raise InvalidInput.of(f"{path}.bounds", "must rise")
    if len(counts) != len(bounds) + 1:
        raise InvalidInput.of(f"{path}.counts", "must be one more than the bounds")
    if any(not 0 <= count <= MAX_INTEGER for count in counts):
        raise InvalidInput.of(f"{path}.counts", f"must be 0 to {MAX_INTEGER}")


def _checked_blocks(blocks: Sequence[Mapping[str, Any]], *, path: str) -> list[dict[str, Any]]:
    if len(blocks) > MAX_BLOCKS:
        raise InvalidInput.of(f"{path}.blocks", f"there must be at most {MAX_BLOCKS}")
    for index, each in enumerate(blocks):
        if not 0 <= each["count"] <= MAX_COUNT:
            raise InvalidInput.of(f"{path}.blocks[{index}].count", f"must be 0 to {MAX_COUNT}")
    found = sorted(
        (dict(each) for each in blocks), key=lambda each: (each["side"], each["category"])
    )
    _require_once([(each["side"], each["category"]) for each in found], field=f"{path}.blocks")
    return found


def _checked_qualities(
    qualities: Sequence[Mapping[str, Any]], *, path: str
) -> list[dict[str, Any]]:
    if len(qualities) > MAX_QUALITIES:
        raise InvalidInput.of(f"{path}.quality", f"there must be at most {MAX_QUALITIES}")
    for index, each in enumerate(qualities):
        # Not a number is within no bounds.
        if not abs(each["value"]) <= MAX_MEASURE:
            reason = f"must be a number of at most {MAX_MEASURE:.0f}"
            raise InvalidInput.of(f"{path}.quality[{index}].value", reason)
        if not 1 <= each["samples"] <= MAX_COUNT:
            raise InvalidInput.of(f"{path}.quality[{index}].samples", f"must be 1 to {MAX_COUNT}")
    found = sorted(
        (dict(each) for each in qualities), key=lambda each: (each["name"], each["evaluator"])
    )
    _require_once([(each["name"], each["evaluator"]) for each in found], field=f"{path}.quality")
    return found


def _require_once(names: list[tuple[str, str]], *, field: str) -> None:
    for name, following in pairwise(names):
        if name == following:
            raise InvalidInput.of(field, f"{' '.join(name)} stands there twice")
