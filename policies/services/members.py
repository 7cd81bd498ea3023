"""Members and groups of a policy set that is being saved: read, and held to what may be said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.canonical import canonical_bytes
from core.errors import InvalidInput
from policies.models import Effect
from policies.models.assignment import GATING_EFFECTS
from policies.queries.policies import check_policy_name, policy_version_by_reference
from policies.services.parameters import check_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policies.models import PolicyVersion

MAX_MEMBERS = 500
MAX_GROUPS = 100
MAX_CONTROLS = 100
MAX_CONTROL = 200
MAX_PARAMETER_BYTES = 64 * 1024


@dataclass(frozen=True)
class Choice:
    """A policy version in a set, under its reference id, with what it says for itself."""

    reference_id: str
    version: PolicyVersion
    effect: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    controls: list[str] = field(default_factory=list)
    group: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """Return what the set's digest covers beside the policy."""
        return {
            "effect": self.effect,
            "parameters": self.parameters,
            "controls": self.controls,
            "group": self.group,
        }

    @property
    def says_more(self) -> bool:
        """Tell whether anything but the policy was chosen."""
        return any(self.told.values())


def chosen_members(
    members: Sequence[Mapping[str, Any]], *, groups: Sequence[Mapping[str, Any]]
) -> list[Choice]:
    """Return the members by reference id; raises InvalidInput with the place of what is wrong."""
    if not 1 <= len(members) <= MAX_MEMBERS:
        raise InvalidInput.of("members", f"must be 1 to {MAX_MEMBERS}")
    known = {str(group["name"]) for group in groups}
    chosen: dict[str, Choice] = {}
    for index, member in enumerate(members):
        place = f"members[{index}]"
        choice = _choice(member, place=place)
        if choice.reference_id in chosen:
            raise InvalidInput.of(f"{place}.reference_id", f"{choice.reference_id!r} stands twice")
        if choice.group and choice.group not in known:
            raise InvalidInput.of(f"{place}.group", f"there is no group {choice.group[:80]!r}")
        chosen[choice.reference_id] = choice
    return [chosen[key] for key in sorted(chosen)]


def read_groups(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the groups by name, whole; raises InvalidInput."""
    if len(groups) > MAX_GROUPS:
        raise InvalidInput.of("groups", f"must be at most {MAX_GROUPS}")
    read: dict[str, dict[str, Any]] = {}
    for index, group in enumerate(groups):
        place = f"groups[{index}]"
        name = check_policy_name(str(group.get("name", "")), field=f"{place}.name")
        if name in read:
            raise InvalidInput.of(f"{place}.name", f"{name!r} stands twice")
        title = str(group.get("title", "")).strip()
        if len(title) > MAX_CONTROL:
            raise InvalidInput.of(f"{place}.title", f"must have at most {MAX_CONTROL} characters")
        controls = read_controls(group.get("controls", ()), field=f"{place}.controls")
        read[name] = {"name": name, "title": title, "controls": controls}
    return [read[name] for name in sorted(read)]


def read_controls(given: Sequence[str], *, field: str) -> list[str]:
    """Return references of controls, in order; raises InvalidInput."""
    if len(given) > MAX_CONTROLS or len(set(given)) != len(given):
        raise InvalidInput.of(field, f"must be at most {MAX_CONTROLS}, each of them once")
    for control in given:
        if not control.strip() or len(control) > MAX_CONTROL:
            raise InvalidInput.of(field, f"each must have 1 to {MAX_CONTROL} characters")
    return list(given)


def _choice(member: Mapping[str, Any], *, place: str) -> Choice:
    version = policy_version_by_reference(member["policy"], field=f"{place}.policy")
    key = member.get("reference_id") or version.policy.name
    check_policy_name(key, field=f"{place}.reference_id")
    parameters = dict(member.get("parameters", {}))
    if len(canonical_bytes(parameters)) > MAX_PARAMETER_BYTES:
        raise InvalidInput.of(f"{place}.parameters", f"are over {MAX_PARAMETER_BYTES} bytes")
    check_parameters(parameters, version, field=f"{place}.parameters")
    return Choice(
        reference_id=key,
        version=version,
        effect=_effect(member.get("effect", ""), version, field=f"{place}.effect"),
        parameters=parameters,
        controls=read_controls(member.get("controls", ()), field=f"{place}.controls"),
        group=member.get("group", ""),
    )


def _effect(effect: str, version: PolicyVersion, *, field: str) -> str:
    if effect and effect not in Effect.values:
        raise InvalidInput.of(field, f"must be one of {', '.join(Effect.values)}, or empty")
    if effect in GATING_EFFECTS and not version.is_checked:
        raise InvalidInput.of(
            field,
            f"must not be {effect}: OPA has not compiled and tested {version.reference}; until "
            "then it may audit or warn",
        )
    return effect
