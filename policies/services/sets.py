"""Create versions of policy sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from core.canonical import canonical_digest
from core.errors import Conflict, InvalidInput
from core.journal import publish
from policies.events import PolicySetVersionCreated
from policies.models import PolicySet, PolicySetMember, PolicySetVersion
from policies.queries.policies import check_policy_name
from policies.services.members import Choice, chosen_members, read_groups
from registry import access

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.actors import Actor


def create_version(
    *,
    actor: Actor,
    name: str,
    title: str,
    members: Sequence[Mapping[str, Any]],
    groups: Sequence[Mapping[str, Any]] = (),
    description: str = "",
    reason: str = "",
) -> PolicySetVersion:
    """Store a new version of the set ``name``, with the set where that is new.

    ``members`` are ``{"policy": name or name/number, "reference_id"?, "effect"?, "parameters"?,
    "controls"?, "group"?}``; the reference id is the policy's name unless given. ``effect``
    replaces the assignment's, ``parameters`` are defaults under the assignment's. ``groups`` are
    ``{"name", "title"?, "controls"?}``: what members of a group serve beside their own controls.
    Needs an administrator of the organisation. Raises InvalidInput, or Conflict when the newest
    version is the same.
    """
    access.require_organisation_admin(actor, subject=f"policy-set/{name[:200]}")
    check_policy_name(name, field="name")
    if not title.strip() or len(title) > 200:
        raise InvalidInput.of("title", "must have 1 to 200 characters")
    known = read_groups(groups)
    chosen = chosen_members(members, groups=known)
    digest = _digest(chosen, known)
    with transaction.atomic():
        policy_set = _locked_set(name, actor=actor)
        newest = policy_set.versions.order_by("-number").first()
        told = (digest, title, description)
        if newest and (newest.digest, newest.title, newest.description) == told:
            message = f"The newest version of {name} is the same."
            raise Conflict(message, extra={"version": newest.number})
        version = PolicySetVersion.objects.create(
            policy_set=policy_set,
            number=policy_set.last_number,
            title=title,
            description=description,
            digest=digest,
            groups=known,
            created_by=actor.user,
        )
        _store_members(version, chosen)
        _publish(version, chosen, actor=actor, reason=reason)
    return version


def _store_members(version: PolicySetVersion, chosen: Sequence[Choice]) -> None:
    PolicySetMember.objects.bulk_create(
        PolicySetMember(
            set_version=version,
            reference_id=each.reference_id,
            policy_version=each.version,
            effect=each.effect,
            parameters=each.parameters,
            controls=each.controls,
            group=each.group,
        )
        for each in chosen
    )


def _digest(chosen: Sequence[Choice], groups: Sequence[Mapping[str, Any]]) -> str:
    """Return what covers everything that members and groups say.

    A set that says nothing but which policies it holds has the digest that it always had.
    """
    plain = [[each.reference_id, each.version.digest] for each in chosen]
    if not groups and not any(each.says_more for each in chosen):
        return canonical_digest(plain)
    whole = [[*pair, each.told] for pair, each in zip(plain, chosen, strict=True)]
    return canonical_digest({"members": whole, "groups": list(groups)})


def _locked_set(name: str, *, actor: Actor) -> PolicySet:
    """Return the set with its next number taken, which is also the lock."""
    policy_set, _ = PolicySet.objects.get_or_create(name=name, defaults={"created_by": actor.user})
    PolicySet.objects.filter(pk=policy_set.pk).update(last_number=F("last_number") + 1)
    policy_set.refresh_from_db()
    return policy_set


def _publish(
    version: PolicySetVersion, chosen: Sequence[Choice], *, actor: Actor, reason: str
) -> None:
    publish(
        PolicySetVersionCreated(
            subject=f"policy-set/{version.reference}",
            digest=version.digest,
            reason=reason,
            members=[
                {
                    "reference_id": each.reference_id,
                    "policy": each.version.reference,
                    "digest": each.version.digest,
                    "effect": each.effect,
                    "parameters_digest": canonical_digest(each.parameters),
                }
                for each in chosen
            ],
        ),
        actor=actor,
    )
