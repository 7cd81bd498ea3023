"""Findings by the controls that their policies serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q

from policies.models import PolicySetMember, PolicyVersion

if TYPE_CHECKING:
    from collections.abc import Iterable


def serving(control: str = "", *, framework: str = "") -> Q:
    """Return the condition that a finding's policy serves ``control`` ("framework/control"), or
    any control of ``framework``.

    By what the newest version of the policy names, or what the policy set says under which it is
    assigned; two queries.
    """

    def is_served(controls: Iterable[str]) -> bool:
        return any(
            each == control if control else each.startswith(f"{framework}/") for each in controls
        )

    newest = PolicyVersion.objects.filter(number=F("policy__last_number"))
    policies = [
        policy
        for policy, controls in newest.values_list("policy_id", "metadata__controls")
        if is_served(controls or ())
    ]
    found = Q(policy_id__in=policies)
    by_set: dict[int, list[str]] = {}
    members = PolicySetMember.objects.filter(set_version__assignments__isnull=False)
    for member in members.select_related("set_version", "policy_version").only(
        "controls", "group", "reference_id", "set_version__groups", "policy_version__metadata"
    ):
        if is_served(member.all_controls):
            by_set.setdefault(member.set_version_id, []).append(member.reference_id)
    for set_version, references in by_set.items():
        found |= Q(assignment__set_version_id=set_version, reference_id__in=references)
    return found
