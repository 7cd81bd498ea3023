"""ARM templates: what somebody means to deploy to Azure.

Source: "Understand the structure and syntax of ARM templates". A document is a template, or the
body of a deployment, which carries values of parameters beside it. Parameters, variables, copy
loops and nested deployments are resolved as far as the template alone tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policies.normalisers.arm_expressions import Scope
from policies.normalisers.arm_resources import ArmResource, merged
from policies.normalisers.base import (
    DECLARED,
    Draft,
    Hints,
    NormalisationError,
    Reach,
    Skipped,
    mapping,
    member,
)
from policies.normalisers.opaque import is_opaque

_DEPLOYMENT = "microsoft.resources/deployments"
# What the platform answers and no template says, or what other templates add.
_UNTOLD = (
    "diagnosticSettings",
    "enforcedSettings",
    "privateDnsZoneGroups",
    "properties.capabilities",
    "properties.encryptionWithCmk.encryptionComplianceStatus",
    "properties.privateEndpointConnections",
    "properties.properties.osImageMetadata",
    "properties.provisioningState",
    "properties.raiPolicy",
    "identity.principalId",
)
MAX_NESTING = 5


class ArmTemplate:
    """Templates of the Azure Resource Manager, in JSON."""

    name = "arm-template"
    title = "Azure Resource Manager template"
    provenance = DECLARED

    def read(self, document: Any, hints: Hints) -> Iterator[Draft | Skipped]:
        """The resources that a template deploys, with their extensions."""
        body = mapping(document, "")
        body = (
            body["properties"] if isinstance(member(body, "properties", "template"), dict) else body
        )
        template = body.get("template") if isinstance(body.get("template"), dict) else body
        if not isinstance(template, dict) or not isinstance(template.get("resources"), list | dict):
            raise NormalisationError("must be a list or an object", path="resources")
        given = body.get("parameters") if template is not body else None
        yield from merged(list(_Template(template, _values(given)).resources()))

    def reach(self, resource_type: str) -> Reach | None:
        """A template tells all that it sets, and what it leaves out is left to defaults."""
        return Reach(told=("",), untold=_UNTOLD)


def _values(parameters: Any) -> dict[str, Any]:
    """The values in an object of parameters; one that is kept in a vault has none here."""
    found = parameters if isinstance(parameters, dict) else {}
    return {
        name: each["value"]
        for name, each in found.items()
        if isinstance(each, dict) and "value" in each
    }


class _Template:
    """One template, the outermost or a nested one."""

    def __init__(
        self, template: Mapping[str, Any], given: Mapping[str, Any], *, depth: int = 0
    ) -> None:
        self._template = template
        self._depth = depth
        parameters, variables = (
            found if isinstance(found := template.get(name), dict) else {}
            for name in ("parameters", "variables")
        )
        self._scope = Scope(parameters, variables, given)

    def resources(self, scope: Scope | None = None) -> Iterator[ArmResource | Skipped]:
        """Every resource, loops written out."""
        found = self._template.get("resources")
        items = list(found.values()) if isinstance(found, dict) else found
        yield from self._each(items or [], None, scope or self._scope)

    def _each(
        self, items: Any, parent: ArmResource | None, scope: Scope
    ) -> Iterator[ArmResource | Skipped]:
        for index, item in enumerate(items if isinstance(items, list) else []):
            told = mapping(item, f"resources[{index}]")
            if told.get("existing") is True:
                continue
            loop = told.get("copy")
            count = scope.count(loop.get("count")) if isinstance(loop, dict) else None
            if isinstance(loop, dict) and count is not None:
                name = str(loop.get("name", ""))
                for each in range(count):
                    yield from self._one(told, parent, scope.within(name, each))
            else:
                yield from self._one(told, parent, scope)

    def _one(
        self, told: dict[str, Any], parent: ArmResource | None, scope: Scope
    ) -> Iterator[ArmResource | Skipped]:
        name, kind = scope.resolved(told.get("name")), told.get("type")
        if not isinstance(kind, str) or not isinstance(name, str) or not kind or not name:
            raise NormalisationError("a resource needs a type and a name", path="resources")
        condition = scope.resolved(told.get("condition", True))
        if condition is False or str(condition).casefold() == "false":
            yield Skipped(f"{kind} {name}", "its condition is false")
            return
        if kind.casefold() == _DEPLOYMENT:
            yield from self._nested(told, name, scope)
            return
        if parent is not None:
            kind, name = f"{parent.type}/{kind}", f"{parent.name}/{name}"
        found = _resource(told, kind, name, scope)
        yield found
        yield from self._each(told.get("resources"), found, scope)

    def _nested(
        self, told: dict[str, Any], name: str, scope: Scope
    ) -> Iterator[ArmResource | Skipped]:
        """The resources of a nested deployment. Its expressions are those of the template around
        it unless it says ``inner``."""
        properties = told.get("properties")
        template = member(properties, "template")
        if not isinstance(template, dict):
            yield Skipped(f"{_DEPLOYMENT} {name}", "its template lies outside of the document")
            return
        if self._depth >= MAX_NESTING:
            raise NormalisationError(f"deployments are nested deeper than {MAX_NESTING} levels")
        inner = (
            str(member(properties, "expressionEvaluationOptions", "scope")).casefold() == "inner"
        )
        given = scope.resolved(_values(member(properties, "parameters")))
        known = {name: value for name, value in given.items() if not is_opaque(value)}
        nested = _Template(template, known, depth=self._depth + 1)
        yield from nested.resources(None if inner else scope)


def _resource(told: dict[str, Any], kind: str, name: str, scope: Scope) -> ArmResource:
    left_out = {"copy", "condition", "dependsOn", "resources", "comments", "existing", "scope"}
    body = {key: inner for key, inner in told.items() if key not in left_out}
    configuration = scope.resolved({**body, "name": name, "type": kind})
    notes = []
    if "condition" in told and is_opaque(scope.resolved(told["condition"])):
        notes.append("whether it is deployed depends on a condition that the template leaves open")
    if isinstance(told.get("copy"), dict) and scope.count(told["copy"].get("count")) is None:
        notes.append("stands for a loop whose length the template leaves open")
    over = scope.resolved(told.get("scope"))
    return ArmResource(
        kind, name, configuration, over=over if isinstance(over, str) else "", notes=tuple(notes)
    )
