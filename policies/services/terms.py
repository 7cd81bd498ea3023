"""Check the terms of an assignment before there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.canonical import canonical_bytes
from core.errors import InvalidInput
from policies.models import Effect
from policies.models.assignment import GATING_EFFECTS
from policies.models.enforcement import EVERYWHERE
from policies.models.resource import MAX_TYPE
from policies.queries.assignments import effect_of_member
from policies.services.parameters import check_parameters
from registry.models.tag import MAX_KEY

if TYPE_CHECKING:
    from policies.models import PolicySetVersion, PolicyVersion

MAX_PARAMETER_BYTES = 64 * 1024
MAX_MESSAGE = 4_000
MAX_KINDS = 100
MAX_TAGS = 20
MAX_VALUES = 50
MAX_VALUE = 500


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How an assignment holds.

    ``overrides`` gives members of a set, by reference id, an effect of their own; ``kinds`` limits
    it to asset kinds and resource types, ``tags`` to what has one of the values (any, where none
    is named) of each tag; ``percent`` says in how many of its workspaces it is enforced;
    ``excluded`` are slugs of workspaces that it leaves out.
    """

    effect: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    kinds: Sequence[str] = ()
    tags: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_enforced: bool = True
    percent: int = EVERYWHERE
    message: str = ""
    excluded: Sequence[str] = ()


def check_terms(
    terms: Terms, *, version: PolicyVersion | None, chosen: PolicySetVersion | None
) -> None:
    """Raise InvalidInput for terms that the policy, or the set, cannot be assigned with."""
    if terms.effect not in Effect.values:
        raise InvalidInput.of("effect", f"must be one of {', '.join(Effect.values)}")
    if len(terms.message) > MAX_MESSAGE:
        raise InvalidInput.of("message", f"must have at most {MAX_MESSAGE} characters")
    if len(canonical_bytes(dict(terms.parameters))) > MAX_PARAMETER_BYTES:
        raise InvalidInput.of("parameters", f"are over {MAX_PARAMETER_BYTES} bytes")
    check_percent(terms.percent)
    _check_selection(terms)
    if version is not None:
        members = {"": version}
        effects = {"": Effect(terms.effect)}
        check_parameters(terms.parameters, version, field="parameters")
        if terms.overrides:
            raise InvalidInput.of("overrides", "are for the members of a set")
    else:
        assert chosen is not None  # the caller has looked up one of the two
        members = {each.reference_id: each.policy_version for each in chosen.members.all()}
        _check_set_parameters(terms.parameters, members)
        _check_overrides(terms.overrides, members)
        effects = {
            each.reference_id: effect_of_member(terms, each) for each in chosen.members.all()
        }
    _check_effects(effects, members)


def check_percent(percent: int) -> None:
    """Raise InvalidInput for what is no share of workspaces."""
    if not 1 <= percent <= EVERYWHERE:
        raise InvalidInput.of("percent", f"must be 1 to {EVERYWHERE}; to enforce it nowhere is off")


def _check_selection(terms: Terms) -> None:
    if len(terms.kinds) > MAX_KINDS or not all(0 < len(each) <= MAX_TYPE for each in terms.kinds):
        reason = f"must be up to {MAX_KINDS} asset kinds or resource types"
        raise InvalidInput.of("kinds", reason)
    if len(terms.tags) > MAX_TAGS:
        raise InvalidInput.of("tags", f"must be at most {MAX_TAGS}")
    for name, values in terms.tags.items():
        if not 0 < len(name) <= MAX_KEY or len(values) > MAX_VALUES:
            raise InvalidInput.of(f"tags.{name[:80]}", f"must have up to {MAX_VALUES} values")
        if any(len(value) > MAX_VALUE for value in values):
            raise InvalidInput.of(f"tags.{name[:80]}", f"a value has over {MAX_VALUE} characters")


def _check_overrides(overrides: Mapping[str, str], members: Mapping[str, PolicyVersion]) -> None:
    for key, effect in overrides.items():
        if key not in members:
            raise InvalidInput.of("overrides", f"the set has no member {key[:80]!r}")
        if effect not in Effect.values:
            reason = f"must be one of {', '.join(Effect.values)}"
            raise InvalidInput.of(f"overrides.{key}", reason)


def _check_effects(effects: Mapping[str, Effect], members: Mapping[str, PolicyVersion]) -> None:
    """What may not gate, and what has nothing to propose."""
    unchecked = sorted(
        version.reference
        for key, version in members.items()
        if effects[key] in GATING_EFFECTS and not version.is_checked
    )
    if unchecked:
        raise InvalidInput.of(
            "effect",
            "must not be deny or require_approval: OPA has not compiled and tested "
            f"{', '.join(unchecked)}; until then it may audit or warn",
        )
    modifying = [version for key, version in members.items() if effects[key] == Effect.MODIFY]
    if modifying and not any(version.described.modify for version in modifying):
        named = ", ".join(sorted(version.reference for version in modifying))
        reason = f"must not be modify: the METADATA of {named} proposes no change"
        raise InvalidInput.of("effect", reason)


def _check_set_parameters(
    parameters: Mapping[str, Any], members: Mapping[str, PolicyVersion]
) -> None:
    for key, value in parameters.items():
        if key not in members:
            raise InvalidInput.of("parameters", f"the set has no member {key[:80]!r}")
        if not isinstance(value, dict):
            raise InvalidInput.of(f"parameters.{key}", "must be an object")
        check_parameters(value, members[key], field=f"parameters.{key}")
