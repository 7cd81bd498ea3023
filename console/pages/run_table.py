"""The runs of an experiment as a table: columns to choose, sorted by one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from console.charts import told
from core.errors import InvalidInput
from registry.queries.experiments import STATES, runs_in
from registry.queries.runs import runs_of, sorted_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import QueryDict

    from core.actors import Actor
    from registry.models import Experiment, Run

SHOWN = 50
MOST_PAGES = 1_000
CHOSEN_AT_FIRST = 5
NEWEST = "-started"


@dataclass(frozen=True)
class Column:
    """A column of a param or a metric; ``sort`` is the query that sorts by it."""

    kind: str
    key: str
    is_shown: bool
    sort: str = ""
    direction: str = ""

    @property
    def name(self) -> str:
        """Return how addresses name it."""
        return f"{self.kind}:{self.key}"

    @property
    def is_number(self) -> bool:
        """Tell whether its values stand to the right."""
        return self.kind == "metric"


@dataclass(frozen=True)
class Table:
    """The rows of one page, with what can be chosen."""

    columns: list[Column]
    heads: list[Column]
    rows: list[tuple[Run, list[tuple[Column, str]]]]
    state: str
    older: str
    newer: str
    query: dict[str, Any]

    @property
    def shown(self) -> list[Column]:
        """Return the columns that are shown."""
        return [column for column in self.columns if column.is_shown]


def run_table(actor: Actor, experiment: Experiment, asked: QueryDict) -> Table:
    """Return the table that the query of an address asks for: ``sort``, ``column`` (several),
    ``state`` and ``page``; what it asks for that is not there is left out."""
    state = asked.get("state", "")
    state = state if state in STATES else "active"
    runs, sort = _sorted(runs_of(actor, experiment), asked.get("sort") or NEWEST)
    rows = runs if experiment.lifecycle_stage == "deleted" else runs_in(runs, state)
    text = asked.get("page", "1")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 1
    number = min(max(number, 1), MOST_PAGES)
    start = (number - 1) * SHOWN
    found = list(rows[start : start + SHOWN + 1])
    chosen = asked.getlist("column")[:100]
    query: dict[str, Any] = {"state": state, "sort": sort, "column": chosen}
    columns = _columns(found[:SHOWN], chosen, sort=sort, query=query)
    shown = [column for column in columns if column.is_shown]
    return Table(
        columns=columns,
        heads=[_head("field", name, sort, query) for name in ("name", "status", "started")],
        rows=[(run, _cells(run, shown)) for run in found[:SHOWN]],
        state=state,
        older=_address(query | {"page": number + 1}) if len(found) > SHOWN else "",
        newer=_address(query | {"page": number - 1}) if number > 1 else "",
        query=query,
    )


def _sorted(runs: Any, sort: str) -> tuple[Any, str]:
    try:
        return sorted_by(runs, sort), sort
    except InvalidInput:
        return sorted_by(runs, NEWEST), NEWEST


def _columns(
    runs: Sequence[Run], chosen: Sequence[str], *, sort: str, query: dict[str, Any]
) -> list[Column]:
    """Return what the runs of this page logged: first what differs between them is shown."""
    params: dict[str, set[str]] = {}
    metrics: dict[str, None] = {}
    for run in runs:
        for param in run.params.all():
            params.setdefault(param.key, set()).add(param.value)
        metrics |= dict.fromkeys(metric.key for metric in run.latest_metrics.all())
    differing = sorted(params, key=lambda key: (len(params[key]) == 1, key))
    known = [("param", key) for key in differing] + [("metric", key) for key in sorted(metrics)]
    at_first = {
        *[("param", key) for key in differing][:CHOSEN_AT_FIRST],
        *[("metric", key) for key in sorted(metrics)][:CHOSEN_AT_FIRST],
    }
    return [
        _head(
            kind,
            key,
            sort,
            query,
            is_shown=f"{kind}:{key}" in chosen if chosen else (kind, key) in at_first,
        )
        for kind, key in known
    ]


def _head(
    kind: str, key: str, sort: str, query: dict[str, Any], *, is_shown: bool = True
) -> Column:
    name = key if kind == "field" else f"{kind}:{key}"
    is_now, is_descending = sort.removeprefix("-") == name, sort.startswith("-")
    turned = name if is_now and is_descending else f"-{name}"
    direction = ("descending" if is_descending else "ascending") if is_now else ""
    return Column(kind, key, is_shown, _address(query | {"sort": turned}), direction)


def _cells(run: Run, columns: Iterable[Column]) -> list[tuple[Column, str]]:
    values = {("param", param.key): param.value for param in run.params.all()}
    values |= {("metric", metric.key): told(metric.number) for metric in run.latest_metrics.all()}
    return [(column, values.get((column.kind, column.key), "")) for column in columns]


def _address(query: dict[str, Any]) -> str:
    return "?" + urlencode(query, doseq=True)
