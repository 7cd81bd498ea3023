"""Steps that register versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import rule

from core.errors import InvalidInput
from registry.permissions import Permission
from registry.services import versions
from tests.registry.machine.base import PLACES, Base, mostly, pick, spec_of
from tests.registry.machine.model import ACTIVE, WITHDRAWN, Asset

if TYPE_CHECKING:
    from registry.services.contents import Draft
    from registry.services.versions import Registered
    from tests.registry.machine.model import Version

REGISTERED = "registry.version.registered"
MOVED = "registry.alias.moved"
NAMES = ("desk", "chat")
KINDS = ("dataset", "model")
ALIASES = ("champion", "production")
numbers = st.integers(0, 11)


class Registering(Base):
    """One version or several, new ones or equal ones."""

    @rule(
        who=mostly("author", "chief"),
        place=st.sampled_from(("dev", *PLACES)),
        kind=st.sampled_from(KINDS),
        name=st.sampled_from(NAMES),
        content=st.integers(0, 2),
        may_share=st.booleans(),
        alias=st.sampled_from(("", "", *ALIASES)),
        chosen=numbers,
    )
    def register(
        self,
        *,
        who: str,
        place: str,
        kind: str,
        name: str,
        content: int,
        may_share: bool,
        alias: str,
        chosen: int,
    ) -> None:
        needs = self.trainable(place, chosen) if kind == "model" and not may_share else []
        asset = self.model.find(place, kind, name)
        twin = asset.twin(self.digest(kind, content)) if asset and may_share else None
        refusals = self.lacking(who, Permission.CREATE_VERSION, place, hidden=InvalidInput)
        refusals += [InvalidInput for need in needs if need.state == WITHDRAWN]
        moves = bool(alias) and not (twin and asset and asset.aliases.get(alias) is twin)
        if moves:
            refusals += self.unmovable(who, place, alias, twin or ACTIVE)
        draft: Draft = {
            "workspace": place,
            "kind": kind,
            "name": name,
            "spec": spec_of(kind, content),
            "if_same": "existing" if may_share else "new",
            "aliases": [alias] if alias else [],
            "links": [{"role": "trained_on", "to": self.named(need)} for need in needs],
        }
        done = self.attempt(
            who,
            lambda: versions.register(actor=self.actors[who], **draft),
            refusals=refusals,
            effects=[REGISTERED] * (twin is None) + [MOVED] * moves,
        )
        if done is not None:
            self.note(done, kind, content, twin=twin, needs=needs)
            if moves:
                self.pointed(done, alias, twin)

    @rule(
        who=st.sampled_from(("author", "chief", "stranger")),
        place=st.sampled_from(PLACES),
        kind=st.sampled_from(KINDS),
        names=st.lists(st.sampled_from(NAMES), min_size=2, max_size=2),
        drafts=st.lists(
            st.tuples(st.integers(0, 1), st.integers(0, 2), st.booleans()), min_size=1, max_size=4
        ),
    )
    def register_many(
        self,
        *,
        who: str,
        place: str,
        kind: str,
        names: list[str],
        drafts: list[tuple[int, int, bool]],
    ) -> None:
        refusals = self.lacking(who, Permission.CREATE_VERSION, place, hidden=InvalidInput)
        told = JournalOfDrafts(self, place, kind)
        wanted = [(names[name], content, may_share) for name, content, may_share in drafts]
        items: list[Draft] = [
            {
                "workspace": place,
                "kind": kind,
                "name": name,
                "spec": spec_of(kind, content),
                "if_same": "existing" if may_share else "new",
            }
            for name, content, may_share in wanted
        ]
        done = self.attempt(
            who,
            lambda: versions.register_many(actor=self.actors[who], workspace=place, drafts=items),
            refusals=refusals,
            effects=[REGISTERED] * sum(told.is_new(*each) for each in wanted),
        )
        # What an asset's versions are numbered by is the order of the drafts.
        for registered, (_, content, may_share) in zip(done or [], wanted, strict=bool(done)):
            asset = self.place_of(registered, make=True)
            twin = asset.twin(registered.version.digest) if may_share else None
            self.note(registered, kind, content, twin=twin, needs=[])

    def pointed(self, done: Registered, alias: str, twin: Version | None) -> None:
        """Note an alias that a registration moved."""
        found = self.place_of(done)
        found.point(alias, twin or found.versions[-1])
        self.remember()

    def digest(self, kind: str, content: int) -> str:
        """The digest of a content that was registered somewhere, else none."""
        return self.model.digests.get((kind, content), "")

    def trainable(self, place: str, chosen: int) -> list[Version]:
        """A standing dataset of the place, or none."""
        found = [
            version
            for asset in self.model.assets
            if (asset.place, asset.kind) == (place, "dataset")
            for version in asset.standing
        ]
        return [pick(found, chosen)] if found and chosen % 2 else []

    def named(self, version: Version) -> str:
        """The reference of a version."""
        return f"{version.asset.reference}/{version.number}"

    def place_of(self, done: Registered, *, make: bool = False) -> Asset:
        """The asset of a registered version in the model."""
        row = done.version.asset
        found = [asset for asset in self.model.assets if asset.uuid == row.uuid]
        if not found and make:
            found = [Asset(row.uuid, row.workspace.slug, row.kind, row.name)]
            self.model.assets += found
        return found[0]

    def note(
        self,
        done: Registered,
        kind: str,
        content: int,
        *,
        twin: Version | None,
        needs: list[Version],
    ) -> None:
        """Hold the answer to the model, and the model to what came of it."""
        version = done.version
        assert done.is_new == (twin is None)
        assert self.model.digests.setdefault((kind, content), version.digest) == version.digest
        if twin is not None:
            assert version.uuid == twin.uuid
            return
        asset = self.place_of(done, make=True)
        added = asset.add(version.uuid, version.digest, needs=needs)
        assert version.number == added.number


class JournalOfDrafts:
    """Which drafts of one call make a version, taken one after the other."""

    def __init__(self, machine: Registering, place: str, kind: str) -> None:
        self.model, self.place, self.kind = machine.model, place, kind
        self.made: set[tuple[object, int]] = set()

    def is_new(self, name: str, content: int, may_share: bool) -> bool:
        """Tell it of the next draft."""
        asset = self.model.find(self.place, self.kind, name)
        key = (asset or name, content)
        digest = self.model.digests.get((self.kind, content), "")
        if may_share and (key in self.made or (asset and asset.twin(digest))):
            return False
        self.made.add(key)
        return True
