"""Policies as OPA bundles: what is stored, as files that any OPA takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from core.errors import InvalidInput, NotFound
from policies.bundles.layout import BundledPolicy, Contents, Example
from policies.models import PolicySetVersion, PolicyVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

AT_ONCE = 200


def policy_contents(version: UUID) -> Contents:
    """Return the bundle of one policy version. Raises NotFound."""
    found = list(_versions().filter(uuid=version))
    if not found:
        raise NotFound
    return Contents(_bundled(found))


def set_contents(policy_set: UUID, number: int | None = None) -> Contents:
    """Return the bundle of a set version, the newest unless a number is given, with all that its
    members and groups say. Raises NotFound."""
    versions = PolicySetVersion.objects.filter(policy_set__uuid=policy_set)
    if number is not None:
        versions = versions.filter(number=number)
    chosen = (
        versions.select_related("policy_set")
        .prefetch_related("members__policy_version__policy", "members__policy_version__fixtures")
        .order_by("-number")
        .first()
    )
    if chosen is None:
        raise NotFound
    members = sorted(chosen.members.all(), key=lambda each: each.reference_id)
    policies = {each.policy_version.policy.name: each.policy_version for each in members}
    return Contents(_bundled(policies.values()), _set_document(chosen))


def all_contents(names: Iterable[str] = ()) -> Contents:
    """Return the bundle of the newest version of every policy, or of those with these names."""
    newest = _versions().filter(number=F("policy__last_number"))
    wanted = set(names)
    if wanted:
        newest = newest.filter(policy__name__in=wanted)
    found = list(newest)
    if missing := sorted(wanted - {each.policy.name for each in found}):
        raise InvalidInput.of("policy", f"There is no policy {missing[0]!r}.")
    return Contents(_bundled(found))


def contents_of_each(versions: Sequence[int]) -> Iterator[tuple[str, Contents]]:
    """Yield the digest of each policy version, by its key in this order, and a bundle of its own;
    two queries for many of them."""
    for start in range(0, len(versions), AT_ONCE):
        for version in _versions().filter(pk__in=versions[start : start + AT_ONCE]).order_by("pk"):
            yield version.digest, Contents(_bundled([version]))


def _versions() -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.select_related("policy").prefetch_related("fixtures")


def _bundled(versions: Iterable[PolicyVersion]) -> tuple[BundledPolicy, ...]:
    return tuple(
        BundledPolicy(
            name=version.policy.name,
            source=version.source,
            tests=version.tests,
            fixtures=tuple(
                Example(each.name, each.state, each.body)
                for each in sorted(version.fixtures.all(), key=lambda fixture: fixture.name)
            ),
            number=version.number,
        )
        for version in sorted(versions, key=lambda version: version.policy.name)
    )


def _set_document(chosen: PolicySetVersion) -> dict[str, Any]:
    return {
        "name": chosen.policy_set.name,
        "title": chosen.title,
        "description": chosen.description,
        "groups": chosen.groups,
        "members": [
            {
                "policy": each.policy_version.policy.name,
                "reference_id": each.reference_id,
                "effect": each.effect,
                "parameters": each.parameters,
                "controls": each.controls,
                "group": each.group,
            }
            for each in sorted(chosen.members.all(), key=lambda each: each.reference_id)
        ],
    }
