"""Plans of Terraform and OpenTofu: what `terraform show -json` prints of a plan.

Source: "JSON output format" in Terraform's documentation. Values stand under ``planned_values``;
what is known only after the deployment is marked in ``resource_changes`` and is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.normalisers.base import (
    DECLARED,
    Draft,
    Hints,
    NormalisationError,
    Reach,
    Skipped,
    mapping,
    member,
    put,
    text,
)
from policies.normalisers.rows import at, map_rows
from policies.normalisers.terraform_aws import AWS
from policies.normalisers.terraform_azure import AZURE
from policies.normalisers.terraform_google import GOOGLE
from policies.normalisers.terraform_rows import Kind

KINDS: dict[str, Kind] = {**AZURE, **AWS, **GOOGLE}
# Arguments whose members have names of the author's own; AWS's has the provider's defaults too.
_TAGS = ("tags", "tags_all", "labels")
_MODELS = "azurerm_cognitive_deployment"
_FILTERS = "azurerm_cognitive_account_rai_policy"


class TerraformPlan:
    """JSON of a plan; resources are named by their addresses."""

    name = "terraform-plan"
    title = "Terraform plan"
    provenance = DECLARED

    def read(self, document: Any, hints: Hints) -> Iterator[Draft | Skipped]:
        """The planned resources of known types, of every module."""
        plan = mapping(document, "")
        root = member(plan, "planned_values", "root_module")
        if not isinstance(root, dict):
            raise NormalisationError(
                "is missing; give what `terraform show -json PLAN` prints",
                path="planned_values.root_module",
            )
        unknown = _unknown(plan.get("resource_changes"))
        planned = list(_resources(root, "planned_values.root_module"))
        filters = [each for each in planned if each.get("type") == _FILTERS]
        for each in planned:
            address, kind = text(each.get("address"), "address"), text(each.get("type"), "type")
            if each.get("mode", "managed") != "managed":
                continue
            if kind not in KINDS:
                yield Skipped(address, f"{kind} has no shape here")
                continue
            yield _draft(address, kind, each, unknown=unknown.get(address), filters=filters)

    def reach(self, resource_type: str) -> Reach | None:
        """A plan tells what the provider has an argument for. Where several of the provider's
        types are one of the platform's, the least of them counts."""
        kinds = [
            kind for kind in KINDS.values() if kind.type.casefold() == resource_type.casefold()
        ]
        if not kinds:
            return None
        told = set.intersection(*(set(kind.targets()) for kind in kinds))
        return Reach(told=tuple(sorted(told)), untold=("",))


def _resources(module: dict[str, Any], path: str) -> Iterator[dict[str, Any]]:
    for name in ("resources", "child_modules"):
        found = module.get(name, [])
        if not isinstance(found, list):
            raise NormalisationError("must be a list", path=f"{path}.{name}")
        for index, each in enumerate(found):
            inner = mapping(each, f"{path}.{name}[{index}]")
            if name == "resources":
                yield inner
            else:
                yield from _resources(inner, f"{path}.{name}[{index}]")


def _unknown(changes: Any) -> dict[str, Any]:
    """What is unknown of each address."""
    return {
        each["address"]: member(each, "change", "after_unknown")
        for each in (changes if isinstance(changes, list) else [])
        if isinstance(each, dict) and isinstance(each.get("address"), str)
    }


def _draft(
    address: str, name: str, planned: dict[str, Any], *, unknown: Any, filters: list[Any]
) -> Draft:
    kind = KINDS[name]
    values = mapping(planned.get("values", {}), f"{address}.values")
    secret = planned.get("sensitive_values")
    shown = _with_tags(_without(values, secret), marks=(unknown, secret))
    untold = {row.target for row in kind.rows if _is_marked(unknown, row.source)}
    untold |= {row.target for row in kind.rows if _is_marked(secret, row.source)}
    untold |= {
        f"{row.target}.{tag}"
        for row in kind.rows
        for tag in _marked_tags(row.source, marks=(unknown, secret))
    }
    body = {"type": kind.type, **kind.fixed, **map_rows(shown, kind.rows)}
    if isinstance(shown.get("name"), str):
        body["name"] = shown["name"]
    if name == _MODELS:
        _set_filters(body, filters)
    known = frozenset(path for path in untold if at(body, path) is None)
    notes = tuple(f"{path} is known after the deployment only" for path in sorted(known))
    return Draft(
        kind.type, address, body, untold=known, notes=notes, reach=Reach(kind.targets(), ("",))
    )


def _with_tags(values: dict[str, Any], *, marks: tuple[Any, ...]) -> dict[str, Any]:
    """The values with null for each tag that is there, and whose value is not told."""
    told = dict(values)
    for name in _TAGS:
        untold = dict.fromkeys(_marked_tags(name, marks=marks))
        if untold:
            known = told.get(name)
            told[name] = untold | (known if isinstance(known, dict) else {})
    return told


def _marked_tags(name: str, *, marks: tuple[Any, ...]) -> list[str]:
    """The tags in an argument of that name that one of the marks is about."""
    found = [member(each, name) for each in marks] if name in _TAGS else []
    return sorted(
        {tag for each in found if isinstance(each, dict) for tag, mark in each.items() if mark}
    )


def _is_marked(marks: Any, source: str) -> bool:
    """Whether the mark at the path, or one above it, is set."""
    for name in source.split("."):
        if marks is True:
            return True
        if isinstance(marks, list) and name.isdecimal():
            marks = marks[int(name)] if int(name) < len(marks) else None
        else:
            marks = marks.get(name) if isinstance(marks, dict) else None
    return marks is True


def _without(values: Any, secret: Any) -> Any:
    """The values without those that the provider marks as sensitive."""
    if isinstance(values, dict) and isinstance(secret, dict):
        return {
            name: _without(inner, secret.get(name))
            for name, inner in values.items()
            if secret.get(name) is not True
        }
    if isinstance(values, list) and isinstance(secret, list):
        marks = [*secret, *[None] * len(values)]
        return [
            None if mark is True else _without(inner, mark)
            for inner, mark in zip(values, marks, strict=False)
        ]
    return values


def _set_filters(body: dict[str, Any], filters: list[Any]) -> None:
    """Put the content filter that a model deployment names in its place, if the plan has it."""
    name = at(body, "properties.raiPolicyName")
    named = [each for each in filters if name and at(each, "values.name") == name]
    if len(named) == 1:
        told = map_rows(named[0].get("values"), KINDS[_FILTERS].rows)
        put(body, "properties.raiPolicy", {"name": name, **told.get("properties", {})})
