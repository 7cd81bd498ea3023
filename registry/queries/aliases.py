"""What aliases mean and meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef

from core.errors import Denial, InvalidInput, NotFound
from core.references import caseless, parse
from core.statements import Parameter, Statement
from registry import access
from registry.models import Alias, AliasMove, AliasRule
from registry.permissions import Permission
from registry.queries.versions import find_asset

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models import Asset, Workspace

OPEN_RULES = Statement(
    lambda: AliasRule.objects.filter(
        workspace=Parameter("workspace"), valid_to__isnull=True
    ).order_by("id")
)


@dataclass(frozen=True)
class Meaning:
    """What an alias meant at a time: ``move`` brought it there, None before its first move."""

    asset: Asset
    alias: str
    at: datetime
    move: AliasMove | None


def as_of(actor: Actor, ref: str, at: datetime) -> Meaning:
    """Return what ``ref`` (workspace/kind/name@alias) meant at ``at``; the answer never changes,
    also when the version or the asset is deleted later.

    Raises InvalidInput for a reference without alias, and NotFound for a missing or foreign asset.
    """
    reference = parse(ref, instance=settings.INSTANCE)
    if not reference.alias:
        raise InvalidInput.of("ref", "must name an alias: workspace/kind/name@alias")
    asset = find_asset(reference)
    if asset is None:
        raise NotFound
    if not access.allows(actor, Permission.VIEW, asset.workspace_id):
        denial = Denial(Permission.VIEW.value, str(reference), asset.workspace.uuid)
        raise NotFound(denial=denial)
    moves = moves_of(asset, reference.alias).filter(moved_at__lte=at)
    related = moves.select_related("to_version__tombstone", "moved_by")
    return Meaning(asset, reference.alias, at, related.first())


def moves_of(asset: Asset, alias: str) -> QuerySet[AliasMove]:
    """Return the moves of an alias, newest first."""
    return AliasMove.objects.filter(asset=asset, name=alias).order_by("-id")


def latest_moves(at: datetime) -> QuerySet[AliasMove]:
    """Return the move of each alias that brought it where it stood at ``at``."""
    until = AliasMove.objects.filter(moved_at__lte=at)
    later = until.filter(asset=OuterRef("asset"), name=OuterRef("name"), pk__gt=OuterRef("pk"))
    return until.exclude(Exists(later))


def visible_alias_rules(actor: Actor) -> QuerySet[AliasRule]:
    """Return the rules of aliases, past ones included, of workspaces that ``actor`` may see."""
    rules = AliasRule.objects.filter(access.in_reach(actor))
    return rules.select_related("workspace").prefetch_related("movers__user", "movers__group")


def protected_aliases(workspace: Workspace) -> QuerySet[Alias]:
    """Return the aliases that ``workspace`` protects, in whatever spelling they stand."""
    standing = Alias.objects.filter(asset__workspace=workspace)
    names = standing.order_by().values_list("name", flat=True).distinct()
    return standing.filter(name__in=spellings(workspace.protected_aliases, among=names))


def spellings(protected: Iterable[str], *, among: Iterable[str]) -> list[str]:
    """Return the names ``among`` those given that look like a protected one."""
    wanted = {caseless(name) for name in protected}
    return [name for name in among if caseless(name) in wanted]


def rules_of(asset: Asset, alias: str) -> list[AliasRule]:
    """Return the open rules of the workspace that hold for ``alias`` of the asset."""
    wanted = caseless(alias)
    return [
        rule
        for rule in OPEN_RULES.all(workspace=asset.workspace_id)
        if matches(rule.pattern, wanted) and (not rule.kinds or asset.kind in rule.kinds)
    ]


def matches(pattern: str, text: str) -> bool:
    """Tell whether ``text`` has the form of ``pattern``, where ``*`` stands for anything.

    Takes the first place for each part in turn: linear, whatever the pattern.
    """
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    *middle, last = rest
    if len(text) < len(first) + len(last):
        return False
    if not text.startswith(first) or not text.endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return True
