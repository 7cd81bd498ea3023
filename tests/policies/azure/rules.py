"""Azure's policy definitions evaluated for one resource.

Source: the public description of the definition structure (policy rule, array aliases), of the
effects and of applicability.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from pathlib import Path
from typing import Any

from tests.policies.azure.fields import Resource
from tests.policies.azure.operators import MISSING, holds
from tests.policies.azure.templates import Functions, TemplateFailure, resolve

_SHAPES = {"allof", "anyof", "not"}
_ABOUT_APPLICABILITY = {"type", "name", "kind"}


class Compliance(StrEnum):
    COMPLIANT = auto()
    NONCOMPLIANT = auto()
    NOT_APPLICABLE = auto()


@dataclass(frozen=True)
class Definition:
    """One built-in definition as its file has it."""

    name: str
    properties: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Definition:
        content = json.loads(path.read_text(encoding="utf-8"))
        return cls(content["name"], content["properties"])

    def judge(
        self, document: Mapping[str, Any], parameters: Mapping[str, Any] | None = None
    ) -> Compliance:
        """What Azure says of the resource under an assignment with these parameters.

        An evaluation that fails (a template function without a value, types without an order)
        counts as noncompliant: Azure denies then.
        """
        given = self._parameters(parameters or {})
        rule = self.properties["policyRule"]
        resource = Resource(document, self.properties["mode"])
        scope = _Scope(resource, resource, given)
        effect = str(resolve(rule["then"]["effect"], scope.functions)).lower()
        if effect == "disabled" or not resource.is_of_mode():
            return Compliance.NOT_APPLICABLE
        try:
            return self._judged(effect, rule, scope)
        except TemplateFailure:
            return Compliance.NONCOMPLIANT

    def _judged(self, effect: str, rule: Mapping[str, Any], scope: _Scope) -> Compliance:
        if not (is_met(rule["if"], scope) if effect in _ENTIRE_IF else _applies(rule["if"], scope)):
            return Compliance.NOT_APPLICABLE
        if not is_met(rule["if"], scope):
            return Compliance.COMPLIANT
        satisfied = _SATISFIED[effect](rule["then"].get("details"), scope)
        return Compliance.COMPLIANT if satisfied else Compliance.NONCOMPLIANT

    def _parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        declared = self.properties.get("parameters", {})
        unknown = set(given) - set(declared)
        if unknown:
            raise KeyError(f"{self.name} has no parameters {sorted(unknown)}")
        defaults = {
            name: each["defaultValue"] for name, each in declared.items() if "defaultValue" in each
        }
        return {name.lower(): value for name, value in {**defaults, **given}.items()}


@dataclass(frozen=True)
class _Scope:
    """What a condition is evaluated on: a resource, the one that ``if`` is about, parameters."""

    resource: Resource
    subject: Resource
    parameters: Mapping[str, Any]
    names: Mapping[str, Any] | None = None

    @property
    def functions(self) -> Functions:
        return {
            "parameters": lambda name: self.parameters[name.lower()],
            "field": self.subject.value,
            "current": self._current,
            "requestContext": lambda: {"apiVersion": "9999-12-31"},
        }

    def _current(self, name: str = "default") -> Any:
        if self.names and name in self.names:
            return self.names[name]
        found = self.resource.value(name)
        return found[0] if isinstance(found, list) and len(found) == 1 else found

    def of(self, resource: Resource) -> _Scope:
        """The same for another resource, which ``field()`` keeps looking past."""
        return _Scope(resource, self.subject, self.parameters, self.names)

    def inside(self, resource: Resource) -> _Scope:
        """The same in one iteration of a count over elements of the resource."""
        subject = resource if self.subject is self.resource else self.subject
        return _Scope(resource, subject, self.parameters, self.names)

    def naming(self, name: str, value: Any) -> _Scope:
        return _Scope(
            self.resource, self.subject, self.parameters, {**(self.names or {}), name: value}
        )


def is_met(condition: Mapping[str, Any], scope: _Scope) -> bool:
    """Whether the resource meets a condition or a logical operator over conditions."""
    key = next(iter(condition)).lower()
    if key in _SHAPES:
        return _combined(key, condition, lambda each: is_met(each, scope))
    name, wanted = _operator(condition)
    wanted = resolve(wanted, scope.functions)
    if "count" in condition:
        return holds(name, wanted, _count(condition["count"], scope))
    if "value" in condition:
        value = resolve(condition["value"], scope.functions)
        return holds(name, wanted, MISSING if value is None else value)
    field = resolve(condition["field"], scope.functions)
    is_collection, values = scope.resource.values(field)
    if is_collection and name.lower() == "exists":
        # Asked of a collection as a whole: whether it selects anything. Azure's documentation has
        # every condition on elements true where there are none; docs/azure-policies.md tells which
        # definition that makes a difference to, and why ours is this reading.
        found = any(value is not MISSING for value in values)
        return holds(name, wanted, True if found else MISSING)
    return all(holds(name, wanted, value) for value in values)


def _combined(
    key: str, condition: Mapping[str, Any], meets: Callable[[Mapping[str, Any]], bool]
) -> bool:
    (inner,) = condition.values()
    if key == "not":
        return not meets(inner)
    return all(map(meets, inner)) if key == "allof" else any(map(meets, inner))


def _operator(condition: Mapping[str, Any]) -> tuple[str, Any]:
    ((name, wanted),) = (
        (key, value) for key, value in condition.items() if key not in {"field", "value", "count"}
    )
    return name, wanted


def _count(count: Mapping[str, Any], scope: _Scope) -> int:
    where = count.get("where")
    if "field" in count:
        scopes = [scope.inside(each) for each in scope.resource.each(count["field"])]
    else:
        name = count.get("name", "default")
        scopes = [scope.naming(name, each) for each in resolve(count["value"], scope.functions)]
    return sum(1 for each in scopes if where is None or is_met(where, each))


def _applies(condition: Mapping[str, Any], scope: _Scope, *, is_negated: bool = False) -> bool:
    """Applicability of other effects: type, name and kind count, the rest is taken as met."""
    key = next(iter(condition)).lower()
    if key in _SHAPES:
        turned = is_negated ^ (key == "not")
        return _combined(key, condition, lambda each: _applies(each, scope, is_negated=turned))
    if str(condition.get("field", "")).lower() in _ABOUT_APPLICABILITY:
        return is_met(condition, scope)
    return not is_negated


def _exists(details: Mapping[str, Any], scope: _Scope) -> bool:
    """Whether a related resource is as the effect wants one."""
    wanted = details.get("existenceCondition")
    name = resolve(details.get("name"), scope.functions)
    for child in _related(details["type"], scope.resource.document):
        if name is not None and str(child.get("name", "")).lower() != str(name).lower():
            continue
        if wanted is None or is_met(wanted, scope.of(Resource(child))):
            return True
    return False


def _related(kind: str, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The related resources of a type, from the places where our document has them."""
    wanted = kind.lower()
    if wanted == str(document.get("type", "")).lower():
        return [document]
    place = wanted.rpartition("/")[2]
    if place == "privateendpointconnections":
        properties = document.get("properties")
        found = properties.get("privateEndpointConnections") if properties else None
    else:
        found = document.get(
            {
                "diagnosticsettings": "diagnosticSettings",
                "privatednszonegroups": "privateDnsZoneGroups",
            }[place]
        )
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _is_enforced(details: Mapping[str, Any], scope: _Scope) -> bool:
    """Whether the compute has the setting that the assignment enforces; lists are sets."""
    setting = resolve(details["setting"], scope.functions)
    settings = scope.resource.document.get("enforcedSettings")
    found = settings.get(setting["name"]) if isinstance(settings, dict) else None
    return bool(_sorted(found) == _sorted(setting["value"]))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(each) for key, each in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(_sorted(each)) for each in value})
    return value


_ENTIRE_IF = {"auditifnotexists", "deployifnotexists", "enforcesetting"}
_SATISFIED: dict[str, Callable[[Any, _Scope], bool]] = {
    "audit": lambda details, scope: False,
    "deny": lambda details, scope: False,
    "modify": lambda details, scope: False,
    "auditifnotexists": _exists,
    "deployifnotexists": _exists,
    "enforcesetting": _is_enforced,
}
