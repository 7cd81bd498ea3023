"""Which versions of a walk the caller may know of."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from lineage.graph import rows
from registry import access

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from core.actors import Actor
    from lineage.graph.rows import Place


class Sight(Enum):
    """How much of a version the caller may know."""

    VISIBLE = "visible"
    FROZEN = "frozen"
    HIDDEN = "hidden"


@dataclass
class Sighting:
    """Admits to a walk what its caller may see, level by level.

    A version in a workspace that the caller may not see is hidden, and the walk ends there: what
    lies behind it would tell of it. But the provenance that was frozen into a promoted copy is
    readable with the copy; upstream, the versions that it names are named, and the walk goes on
    over them. All that lies upstream of a version was fixed when it was made, and so is in there.
    Datasets outside (keys below zero) are met only along edges that the caller may see.
    """

    actor: Actor
    found: dict[int, Place] = field(default_factory=dict)
    sights: dict[int, Sight] = field(default_factory=dict)
    _workspaces: dict[int, bool] = field(default_factory=dict)
    _frozen: set[str] = field(default_factory=set)
    _unread: set[int] = field(default_factory=set)

    def admit_upstream(self, met: AbstractSet[int]) -> set[int]:
        """Look at newly met sources; return those whose own sources may be asked for."""
        hidden = self._look_at(met)
        if hidden:
            self._read_provenances()
        if hidden and self._frozen:
            for pk, uuid in rows.uuids(hidden).items():
                if uuid in self._frozen:
                    self.sights[pk] = Sight.FROZEN
        return {pk for pk in met if self.sights[pk] is not Sight.HIDDEN}

    def admit_downstream(self, met: AbstractSet[int]) -> set[int]:
        """Look at newly met targets; return those whose own targets may be asked for."""
        return set(met) - self._look_at(met)

    def _look_at(self, met: AbstractSet[int]) -> set[int]:
        """Load versions and judge them by their workspace alone; return the hidden ones."""
        new = rows.places({key for key in met if key > 0})
        self.sights |= {key: Sight.VISIBLE for key in met if key < 0}
        self.found |= new
        self._judge({row.workspace_id for row in new.values()})
        hidden = set()
        for pk, row in new.items():
            if self._workspaces[row.workspace_id]:
                self.sights[pk] = Sight.VISIBLE
                if row.is_promoted:
                    self._unread.add(pk)
            else:
                self.sights[pk] = Sight.HIDDEN
                hidden.add(pk)
        return hidden

    def _judge(self, workspaces: set[int]) -> None:
        if new := workspaces - self._workspaces.keys():
            seen = access.visible_workspaces(self.actor).filter(pk__in=new)
            visible = set(seen.values_list("pk", flat=True))
            self._workspaces |= {workspace: workspace in visible for workspace in new}

    def _read_provenances(self) -> None:
        for body in rows.provenances(self._unread):
            self._frozen.update(node["uuid"] for node in body["nodes"])
        self._unread.clear()
