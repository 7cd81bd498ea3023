"""Create versions of policy sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from core.canonical import canonical_digest
from core.errors import Conflict, InvalidInput
from core.journal import publish
from policies.events import PolicySetVersionCreated
from policies.models import PolicySet, PolicySetMember, PolicySetVersion
from policies.queries.policies import check_policy_name, policy_version_by_reference
from registry import access

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.actors import Actor
    from policies.models import PolicyVersion

MAX_MEMBERS = 500


def create_version(
    *,
    actor: Actor,
    name: str,
    title: str,
    members: Sequence[Mapping[str, str]],
    description: str = "",
    reason: str = "",
) -> PolicySetVersion:
    """Store a new version of the set ``name``, with the set where that is new.

    ``members`` are ``{"policy": name or name/number, "reference_id"?}``; the reference id is the
    policy's name unless given. Needs an administrator of the organisation. Raises InvalidInput,
    or Conflict when the newest version has the same members.
    """
    access.require_organisation_admin(actor, subject=f"policy-set/{name[:200]}")
    check_policy_name(name, field="name")
    if not title.strip() or len(title) > 200:
        raise InvalidInput.of("title", "must have 1 to 200 characters")
    chosen = _chosen(members)
    digest = canonical_digest([[key, version.digest] for key, version in sorted(chosen.items())])
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
            created_by=actor.user,
        )
        PolicySetMember.objects.bulk_create(
            PolicySetMember(set_version=version, reference_id=key, policy_version=each)
            for key, each in sorted(chosen.items())
        )
        _publish(version, chosen, actor=actor, reason=reason)
    return version


def _locked_set(name: str, *, actor: Actor) -> PolicySet:
    """Return the set with its next number taken, which is also the lock."""
    policy_set, _ = PolicySet.objects.get_or_create(name=name, defaults={"created_by": actor.user})
    PolicySet.objects.filter(pk=policy_set.pk).update(last_number=F("last_number") + 1)
    policy_set.refresh_from_db()
    return policy_set


def _publish(
    version: PolicySetVersion, chosen: Mapping[str, PolicyVersion], *, actor: Actor, reason: str
) -> None:
    publish(
        PolicySetVersionCreated(
            subject=f"policy-set/{version.reference}",
            digest=version.digest,
            reason=reason,
            members=[
                {"reference_id": key, "policy": each.reference, "digest": each.digest}
                for key, each in sorted(chosen.items())
            ],
        ),
        actor=actor,
    )


def _chosen(members: Sequence[Mapping[str, str]]) -> dict[str, PolicyVersion]:
    if not 1 <= len(members) <= MAX_MEMBERS:
        raise InvalidInput.of("members", f"must be 1 to {MAX_MEMBERS}")
    chosen: dict[str, PolicyVersion] = {}
    for index, member in enumerate(members):
        field = f"members[{index}]"
        version = policy_version_by_reference(member["policy"], field=f"{field}.policy")
        key = member.get("reference_id") or version.policy.name
        check_policy_name(key, field=f"{field}.reference_id")
        if key in chosen:
            raise InvalidInput.of(f"{field}.reference_id", f"{key!r} stands twice")
        chosen[key] = version
    return chosen
