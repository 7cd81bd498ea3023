"""A policy: its versions with METADATA, text and fixtures, where it holds and what it decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from console.pages.differences import differences
from console.pages.shell import page
from console.pages.trails import trail_of_organisation
from core.denials import record_denial
from core.errors import DomainError, NotFound
from policies.models import Decision, Policy, PolicySetMember, PolicyVersion
from policies.queries.assignments import visible_assignments
from policies.services import trials
from registry import access
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from console.pages.differences import Difference
    from core.actors import Actor
    from policies.services.trials import TestReport

SHOWN = 20
LISTED = 50


def policy(site: AdminSite, request: HttpRequest, pk: int) -> HttpResponse:
    """Return the page of a policy, of its newest version or the one that is asked for; a POST runs
    the version's tests and fixtures. Raises NotFound."""
    actor = actor_of(request)
    found = Policy.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    versions = list(found.versions.defer("source", "tests").order_by("-number")[:LISTED])
    version = _version(found, request.GET.get("version", "")) or _version(
        found, str(found.last_number)
    )
    if version is None:
        raise NotFound
    report, problem = _report(actor, version) if request.method == "POST" else (None, "")
    other = _version(found, request.GET.get("against", ""))
    return page(
        site,
        request,
        "console/policy.html",
        title=found.name,
        original=found,
        policy=found,
        version=version,
        about=version.described,
        versions=versions,
        report=report,
        problem=problem,
        may_try=trials.may_try(actor),
        trail=trail_of_organisation(actor, subject=f"policy/{found.name}"),
        other=other,
        difference=_difference(other, version) if other else None,
        source=version.source.splitlines(),
        tests=version.tests.splitlines(),
        fixtures=version.fixtures.order_by("state", "name"),
        members=PolicySetMember.objects.filter(policy_version=version).select_related(
            "set_version__policy_set"
        )[:LISTED],
        assignments=_assignments(actor, found),
        decisions=_decisions(actor, version),
    )


def _version(found: Policy, number: str) -> PolicyVersion | None:
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    rows = PolicyVersion.objects.select_related("policy")
    return rows.filter(policy=found, number=int(number)).first()


def _report(actor: Actor, version: PolicyVersion) -> tuple[TestReport | None, str]:
    try:
        return trials.run_tests(actor=actor, version=version.uuid), ""
    except DomainError as error:
        record_denial(error, actor=actor)
        return None, error.detail


def _difference(other: PolicyVersion, version: PolicyVersion) -> Difference:
    before, after = other.source.splitlines(), version.source.splitlines()
    return differences(before, after, of="the text")


def _assignments(actor: Actor, found: Policy) -> list[object]:
    """Those that hold now, of the policy or of a set with it, as far as the actor sees them."""
    of_set = Q(set_version__members__policy_version__policy=found)
    rows = visible_assignments(actor).filter(Q(policy_version__policy=found) | of_set)
    return list(rows.filter(valid_to__isnull=True).order_by("-id").distinct()[:SHOWN])


def _decisions(actor: Actor, version: PolicyVersion) -> list[Decision]:
    rows = Decision.objects.filter(
        access.in_reach(actor, path="evaluation__workspace"), policy_version=version
    )
    return list(rows.select_related("evaluation__workspace").order_by("-id")[:SHOWN])
