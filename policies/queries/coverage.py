"""How far the organisation's policies reach into frameworks of controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from core.errors import InvalidInput, NotFound
from policies.models import Effect, PolicyVersion
from policies.packs.controls import frameworks
from policies.packs.coverage import Supporter, coverage
from policies.queries.assignments import rules_by_workspace
from registry import access

if TYPE_CHECKING:
    from core.actors import Actor
    from policies.packs.coverage import FrameworkCoverage
    from registry.models import Workspace


def coverage_of_all(
    actor: Actor, *, framework: str = "", workspace: str = ""
) -> list[FrameworkCoverage]:
    """Return the coverage of every framework, or of one, by the newest version of each policy.

    With ``workspace`` what is assigned there counts as assigned, by the versions that are. A
    constant number of queries. Raises InvalidInput for a framework that there is none of, and as
    `access.workspace_by_slug` does for the workspace.
    """
    known = frameworks()
    if framework and framework not in known:
        reason = f"there is no framework {framework[:80]!r}; known are {', '.join(known)}"
        raise InvalidInput.of("framework", reason)
    place = access.workspace_by_slug(actor, workspace, field="workspace") if workspace else None
    supporters = _supporters(place)
    wanted = [known[framework]] if framework else known.values()
    return [coverage(each, supporters) for each in wanted]


def coverage_of(actor: Actor, framework: str, *, workspace: str = "") -> FrameworkCoverage:
    """Return the coverage of one framework; raises NotFound where there is none of the name."""
    if framework not in frameworks():
        raise NotFound
    (found,) = coverage_of_all(actor, framework=framework, workspace=workspace)
    return found


def _supporters(workspace: Workspace | None) -> list[Supporter]:
    """Return the newest version of each policy, and those that are assigned in the workspace."""
    newest = (
        PolicyVersion.objects.filter(number=F("policy__last_number"))
        .select_related("policy")
        .defer("source", "tests")
    )
    found = [_supporter(version) for version in newest]
    if workspace is None:
        return found
    in_force = {
        (rule.policy_version, rule.effect == Effect.MANUAL)
        for rule in rules_by_workspace([workspace])[workspace.pk]
    }
    return found + [
        _supporter(version, is_assigned=True, is_attested=is_attested)
        for version, is_attested in in_force
    ]


def _supporter(
    version: PolicyVersion, *, is_assigned: bool = False, is_attested: bool = False
) -> Supporter:
    return Supporter.of(
        version.policy.name,
        controls=version.metadata["controls"],
        input_kinds=version.metadata["input_kinds"],
        is_assigned=is_assigned,
        is_attested=is_attested,
    )
