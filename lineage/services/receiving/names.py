"""All datasets that a batch of events names, one way or another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lineage.received.edges import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lineage.received.edges import Name
    from lineage.received.event import Event
    from lineage.services.receiving.edges import Stated


@dataclass(slots=True)
class Names:
    """``all``: key -> name. ``named_by_edges``: those that only an edge names. ``versions``: the
    texts of ``version`` facets that edges carry."""

    all: dict[str, Name] = field(default_factory=dict)
    named_by_edges: set[str] = field(default_factory=set)
    versions: set[tuple[Name, str]] = field(default_factory=set)

    @classmethod
    def of(cls, events: Sequence[Event], stated: Sequence[Stated]) -> Names:
        """Return what the events name themselves, in their edges and as other names."""
        names = cls()
        for event in events:
            for item in event.datasets:
                names.all[item.key] = (item.namespace, item.name)
        named = set(names.all.values())
        for origin in stated:
            edges = origin.edges
            pairs = (*edges.datasets, *((pair[0], pair[2]) for pair in edges.columns))
            others = {name for pair in pairs for name in pair} - named
            keys = {key_of(name): name for name in others}
            names.all |= keys
            names.named_by_edges |= keys.keys()
            names.versions |= {*edges.inputs.items(), *edges.outputs.items()}
        for event in events:
            for _, other, _ in symlinks(event):
                names.all.setdefault(key_of(other), other)
        return names


def symlinks(event: Event) -> Iterator[tuple[str, Name, str]]:
    """Yield the other names that an event's ``symlinks`` facets give: key of the dataset, the
    other name, its type."""
    for item in event.datasets:
        facet = item.facets.get("symlinks")
        if not facet or not isinstance(facet.get("identifiers"), list):
            continue
        for told in _objects(facet["identifiers"]):
            namespace, name, kind = told.get("namespace"), told.get("name"), told.get("type")
            if isinstance(namespace, str) and isinstance(name, str) and namespace and name:
                yield item.key, (namespace, name), kind if isinstance(kind, str) else ""


def _objects(told: Iterable[Any]) -> Iterator[dict[str, Any]]:
    return (item for item in told if isinstance(item, dict))
