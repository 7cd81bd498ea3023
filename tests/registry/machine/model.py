"""What must hold of the registry, as plain Python: no database, no service."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from registry.permissions import ROLES, Permission, Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

ACTIVE = "active"
WITHDRAWN = "withdrawn"
REFUSE = "refuse"
PROTECTED = "production"
RULED = "champion"


@dataclass(eq=False)
class Version:
    """One version; ``needs`` are the versions that it is linked to."""

    asset: Asset
    number: int
    uuid: UUID
    digest: str
    needs: list[Version] = field(default_factory=list)
    state: str = ACTIVE
    is_deleted: bool = False


class Move(NamedTuple):
    """One move of an alias."""

    alias: str
    before: Version | None
    after: Version | None


@dataclass(eq=False)
class Asset:
    """One asset with all that it ever had."""

    uuid: UUID
    place: str
    kind: str
    name: str
    versions: list[Version] = field(default_factory=list)
    aliases: dict[str, Version] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    former: set[str] = field(default_factory=set)
    is_deleted: bool = False

    @property
    def reference(self) -> str:
        """``workspace/kind/name``."""
        return f"{self.place}/{self.kind}/{self.name}"

    @property
    def standing(self) -> list[Version]:
        """The versions that nobody deleted."""
        return [version for version in self.versions if not version.is_deleted]

    def add(self, uuid: UUID, digest: str, *, needs: list[Version]) -> Version:
        """The next version."""
        version = Version(self, len(self.versions) + 1, uuid, digest, needs)
        self.versions.append(version)
        self.is_deleted = False
        return version

    def point(self, alias: str, to: Version | None) -> None:
        """Move an alias."""
        self.moves.append(Move(alias, self.aliases.get(alias), to))
        if to is None:
            del self.aliases[alias]
        else:
            self.aliases[alias] = to

    def twin(self, digest: str) -> Version | None:
        """The newest standing version of that digest."""
        equal = [version for version in self.standing if version.digest == digest]
        return equal[-1] if equal else None


class Look(NamedTuple):
    """What a promotion shows, as far as anything here changes it: the name that its closure has,
    the name that the closure gate saw, and the state that the lifecycle gate saw."""

    name: str
    gate_name: str
    state: str


@dataclass(eq=False)
class Promotion:
    """One promotion; ``approvals`` are who approved what, ``result`` what it brought."""

    uuid: UUID
    source: Version
    target: str
    alias: str
    requester: str
    status: str
    shown: Look
    approvals: list[tuple[str, Look]] = field(default_factory=list)
    counted: frozenset[str] = frozenset()
    result: Version | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody may still decide."""
        return self.status == "awaiting_approval"

    def look(self) -> Look:
        """What it would show if the gates were asked now."""
        asset = self.source.asset
        return Look(asset.name, asset.name, self.source.state)


@dataclass(eq=False)
class Deployment:
    """One deployment of one version."""

    uuid: UUID
    version: Version
    is_running: bool = True


class AliasTerms(NamedTuple):
    """Who may move the ruled alias by hand, and onto versions in which state; empty: anything."""

    role: str = ""
    state: str = ""


@dataclass
class Model:
    """All of it. Administrators of the organisation are in ``chiefs``."""

    chiefs: frozenset[str]
    demanded: dict[str, int]
    roles: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    delete_rule: dict[str, str] = field(default_factory=dict)
    terms: dict[str, AliasTerms] = field(default_factory=dict)
    assets: list[Asset] = field(default_factory=list)
    promotions: list[Promotion] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    digests: dict[tuple[str, int], str] = field(default_factory=dict)

    def roles_of(self, who: str, place: str) -> set[str]:
        """The roles that somebody holds."""
        return self.roles.setdefault((who, place), set())

    def may(self, who: str, right: Permission, place: str) -> bool:
        """Whether somebody's roles give a right."""
        if who in self.chiefs:
            return True
        return any(right in ROLES[Role(role)] for role in self.roles_of(who, place))

    def find(self, place: str, kind: str, name: str) -> Asset | None:
        """The asset that bears a name, or else the one that bore it."""
        here = [asset for asset in self.assets if (asset.place, asset.kind) == (place, kind)]
        bearers = [asset for asset in here if asset.name == name]
        bearers += [asset for asset in here if name in asset.former]
        return bearers[0] if bearers else None

    @property
    def versions(self) -> list[Version]:
        """Every version there ever was."""
        return [version for asset in self.assets for version in asset.versions]

    def rests_on(self, versions: list[Version]) -> bool:
        """Whether an open promotion, a deployment that shall serve, or another standing version
        needs one of them."""
        linked = any(
            need in versions
            for version in self.versions
            if version not in versions and not version.is_deleted
            for need in version.needs
        )
        waits = any(each.is_open and each.source in versions for each in self.promotions)
        serves = any(each.is_running and each.version in versions for each in self.deployments)
        return linked or waits or serves

    def open_promotions_of(self, version: Version) -> Iterator[Promotion]:
        """The promotions of a version that wait."""
        return (each for each in self.promotions if each.is_open and each.source is version)

    def standing_approvals(self, promotion: Promotion) -> frozenset[str]:
        """Who approved what the promotion is now, and may still approve."""
        now = promotion.look()
        return frozenset(
            who
            for who, look in promotion.approvals
            if look == now and self.may(who, Permission.APPROVE, promotion.target)
        ) - {promotion.requester}
