"""What a promotion would do and need, before anybody asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from core.models import User
from registry.models import Asset, Grant
from registry.permissions import ROLES, Permission
from registry.queries.rules import demand_of, rules_for
from registry.queries.versions import reference_of
from registry.services.promotions.complete import standing_copy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.gates.base import Proposal
    from registry.models import AssetVersion
    from registry.rules.approvals import Demand
    from registry.services.promotions.proposals import Review

CREATE, REUSE, HIDDEN = "create", "reuse", "hidden"


def outlook(reviewed: Review) -> dict[str, Any]:
    """Return what a preview answers: every verdict, what would come along, and who must agree."""
    would = "complete"
    if reviewed.is_refused:
        would = "refuse"
    elif reviewed.required_approvals:
        would = "await_approval"
    return {
        "would": would,
        "verdicts": reviewed.verdicts_as_json(),
        "binding": reviewed.binding,
        "required_approvals": reviewed.required_approvals,
        "closure": closure_tree(reviewed.proposal),
        "approvals": list(_approvals(reviewed.proposal)),
    }


def closure_tree(proposal: Proposal) -> list[dict[str, Any]]:
    """Return the version and its members, each below what needs it: ``depth`` makes the tree.

    ``outcome`` is create, reuse (``target`` tells what stands there already) or hidden (a member
    that the requester may not read; nothing else is told of it). What several need stands with
    what it needs in turn at its first place, and alone at the others (``is_repeated``).
    """
    targets = _targets(proposal)
    by_id = {member.pk: member for member in proposal.closure.members}
    told: set[int] = set()
    lines: list[dict[str, Any]] = []
    stack: list[tuple[int, str, int]] = [(proposal.version.pk, "", 0)]
    while stack:
        key, role, depth = stack.pop()
        line: dict[str, Any] = {"depth": depth, "role": role}
        if (member := by_id.get(key)) is None:
            lines.append(line | {"outcome": HIDDEN})
            continue
        lines.append(line | targets[key] | {"is_repeated": key in told})
        if key not in told:
            told.add(key)
            links = reversed(proposal.closure.needs[member.pk])
            stack.extend((link.target_id, link.role, depth + 1) for link in links)
    return lines


def _targets(proposal: Proposal) -> dict[int, dict[str, Any]]:
    """Return what would become of each member, by id; what is needed first."""
    standing: dict[int, AssetVersion] = {}
    found: dict[int, dict[str, Any]] = {}
    for member in proposal.closure.members:
        asset, twin = _standing(member, proposal, standing=standing)
        if twin is not None:
            standing[member.pk] = twin
        name = f"{proposal.target.slug}/{member.asset.kind}/{member.asset.name}"
        found[member.pk] = {
            "ref": str(reference_of(member)),
            "kind": member.asset.kind,
            "digest": member.digest,
            "outcome": REUSE if twin else CREATE,
            "target": str(reference_of(twin)) if twin else name,
            "is_new_asset": asset is None,
        }
    return found


def _standing(
    member: AssetVersion, proposal: Proposal, *, standing: dict[int, AssetVersion]
) -> tuple[Asset | None, AssetVersion | None]:
    """Return the asset in the target, and the version there that would be used again."""
    if member.asset.workspace_id == proposal.target.pk:
        return member.asset, member
    asset = (
        Asset.objects.select_related("workspace")
        .filter(workspace=proposal.target, kind=member.asset.kind, name=member.asset.name)
        .first()
    )
    links = proposal.closure.needs[member.pk]
    is_whole = all(link.target_id in standing for link in links)
    if asset is None or member.pk == proposal.version.pk or not is_whole:
        return asset, None
    wanted = tuple((link.role, standing[link.target_id]) for link in links)
    return asset, standing_copy(asset, member, wanted)


def _approvals(proposal: Proposal) -> Iterator[dict[str, Any]]:
    """Yield what each rule asks for, and how many people of which roles could give it."""
    for rule in rules_for(proposal):
        demand = demand_of(rule)
        if demand.people:
            yield {
                "rule": str(rule.uuid),
                "required_approvals": demand.people,
                "roles": sorted(_roles(demand)),
                "distinct_roles": sorted(demand.distinct_roles),
                "max_age_days": demand.max_age_days,
                "people": _people(demand, proposal),
            }


def _roles(demand: Demand) -> frozenset[str]:
    """Return the roles whose holders' approvals count."""
    if demand.roles:
        return demand.named_roles
    approving = {role.value for role, held in ROLES.items() if Permission.APPROVE in held}
    return frozenset(approving) | demand.distinct_roles


def _people(demand: Demand, proposal: Proposal) -> int:
    """Return how many active accounts hold such a role in the target, the requester left out."""
    grants = Grant.objects.filter(
        workspace=proposal.target, role__in=_roles(demand), valid_to__isnull=True
    )
    holders = Q(pk__in=grants.values("user")) | Q(groups__in=grants.values("group"))
    people = User.objects.filter(holders, is_active=True)
    if proposal.requested_by.user is not None:
        people = people.exclude(pk=proposal.requested_by.user.pk)
    return people.distinct().count()
