"""What went into what, by the state of a run or by what a job or a dataset declared.

The most explicit statement stands: a ``lineage`` facet, else column lineage, else every input went
into every output.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lineage.received import facets, runs
from lineage.received.names import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

EXPLICIT, COLUMN, CARTESIAN = "explicit", "column", "cartesian"
# What one run or one declaration may say. Beyond it the greatest names are left out.
MAX_EDGES = 10_000

Name = tuple[str, str]  # namespace and name
ColumnPair = tuple[Name, str, Name, str]  # source, its field, target, its field


@dataclass(slots=True)
class Edges:
    """``datasets``: (source, target) -> basis; ``columns``: pair of fields -> transformations;
    ``versions``: the ``version`` facet's text of the datasets that have one."""

    datasets: dict[tuple[Name, Name], str] = field(default_factory=dict)
    columns: dict[ColumnPair, list[Any]] = field(default_factory=dict)
    inputs: dict[Name, str] = field(default_factory=dict)
    outputs: dict[Name, str] = field(default_factory=dict)

    def add(self, source: Name, target: Name, basis: str) -> None:
        """Let ``source`` lead to ``target``; nothing leads to itself."""
        if source != target:
            self.datasets.setdefault((source, target), basis)

    def add_column(self, pair: ColumnPair, transformations: Iterable[Any]) -> None:
        """Let a field lead to a field."""
        if pair[:2] == pair[2:]:
            return
        known = self.columns.setdefault(pair, [])
        known.extend(item for item in transformations if item not in known)


def edges_of(state: Mapping[str, Any]) -> Edges:
    """Return the edges that follow from the state of a run, or from a declaration."""
    sources, targets = runs.inputs(state), runs.outputs(state)
    found = Edges(inputs=_versions(sources), outputs=_versions(targets))
    explicit = facets.current(state, key="how").get("lineage")
    if explicit is not None:
        _add_entries(found, _objects(explicit.get("entries")))
    for _, row in sorted(targets.items()):
        target = (row["namespace"], row["name"])
        told = facets.current(row)
        if "lineage" in told:
            _add_explicit(found, target, told["lineage"], of_job=())
        elif explicit is None and _has_columns(told):
            _add_columns(found, target, told["columnLineage"])
        elif explicit is None and len(found.datasets) < 2 * MAX_EDGES:
            _add_all(found, target, sources)
    return _limited(found)


def _versions(rows: Mapping[str, Any]) -> dict[Name, str]:
    found = {}
    for row in rows.values():
        version = facets.facet(row, "version").get("datasetVersion")
        if isinstance(version, str):
            found[row["namespace"], row["name"]] = version
    return found


def _add_all(found: Edges, target: Name, sources: Mapping[str, Any]) -> None:
    for key in sorted(sources)[:MAX_EDGES]:
        found.add((sources[key]["namespace"], sources[key]["name"]), target, CARTESIAN)


def _add_entries(found: Edges, entries: Iterable[Mapping[str, Any]]) -> None:
    """Add what the ``lineage`` facet of a job says: a dataset that comes from the job itself comes
    from the datasets that go into the job."""
    listed = list(entries)
    of_job = [
        source
        for entry in listed
        if entry.get("type") == "JOB"
        for source in _objects(entry.get("inputs"))
        if _dataset(source)
    ]
    for entry in listed:
        if target := _dataset(entry):
            _add_explicit(found, target, entry, of_job=of_job)


def _add_explicit(
    found: Edges, target: Name, told: Mapping[str, Any], *, of_job: Iterable[Mapping[str, Any]]
) -> None:
    for source in _expanded(told.get("inputs"), of_job):
        if name := _dataset(source):
            found.add(name, target, EXPLICIT)
    for own, entry in _mapping(told.get("fields")):
        for source in _expanded(entry.get("inputs"), of_job):
            if name := _dataset(source):
                found.add(name, target, EXPLICIT)
                if isinstance(source.get("field"), str):
                    pair = (name, source["field"], target, own)
                    found.add_column(pair, _objects(source.get("transformations")))


def _expanded(told: Any, of_job: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for source in _objects(told):
        if source.get("type") == "JOB" and "name" not in source:
            yield from of_job
        else:
            yield source


def _has_columns(told: Mapping[str, Any]) -> bool:
    """Tell whether there is column lineage that names any source; producers also write none."""
    facet = told.get("columnLineage") or {}
    fields = _mapping(facet.get("fields"))
    named = any(_name(item) for _, own in fields for item in _objects(own.get("inputFields")))
    return named or any(_name(item) for item in _objects(facet.get("dataset")))


def _add_columns(found: Edges, target: Name, told: Mapping[str, Any]) -> None:
    """Add the edges of a columnLineage facet; what it says of the whole dataset (filters, joins)
    holds for each of the fields."""
    of_all = [item for item in _objects(told.get("dataset")) if _name(item)]
    for item in of_all:
        found.add(_name(item) or target, target, COLUMN)
    for own, entry in _mapping(told.get("fields")):
        for item in [*_objects(entry.get("inputFields")), *of_all]:
            name = _name(item)
            if name is None:
                continue
            found.add(name, target, COLUMN)
            if isinstance(item.get("field"), str) and len(found.columns) < 2 * MAX_EDGES:
                pair = (name, item["field"], target, own)
                found.add_column(pair, _objects(item.get("transformations")))


def _limited(found: Edges) -> Edges:
    if len(found.datasets) > MAX_EDGES:
        found.datasets = dict(sorted(found.datasets.items())[:MAX_EDGES])
    if len(found.columns) > MAX_EDGES:
        kept = sorted(found.columns.items(), key=lambda item: item[0])[:MAX_EDGES]
        found.columns = dict(kept)
    return found


def key_of(name: Name) -> str:
    """Return the key of a dataset by its name."""
    return name_key(*name)


def _dataset(told: Mapping[str, Any]) -> Name | None:
    return _name(told) if told.get("type", "DATASET") == "DATASET" else None


def _name(told: Mapping[str, Any]) -> Name | None:
    namespace, name = told.get("namespace"), told.get("name")
    if isinstance(namespace, str) and isinstance(name, str) and namespace and name:
        return namespace, name
    return None


def _objects(told: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list: facets come as their producers made them."""
    return [item for item in told if isinstance(item, dict)] if isinstance(told, list) else []


def _mapping(told: Any) -> list[tuple[str, Mapping[str, Any]]]:
    if not isinstance(told, dict):
        return []
    return [(name, body) for name, body in sorted(told.items()) if isinstance(body, dict)]
