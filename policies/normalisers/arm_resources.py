"""Resources in Azure's shape, and what belongs to one of them put where policies look for it.

Diagnostic settings, DNS zone groups, private endpoint connections and content filters (RAI
policies) are resources of their own in Azure; policies judge them as a part of what they are for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from policies.normalisers.base import Draft, Skipped, member, put
from policies.normalisers.opaque import is_opaque

_DIAGNOSTICS = "microsoft.insights/diagnosticsettings"
_ENDPOINTS = "microsoft.network/privateendpoints"
_DNS_GROUPS = "microsoft.network/privateendpoints/privatednszonegroups"
_CONNECTIONS = "/privateendpointconnections"
_ACCOUNTS = "microsoft.cognitiveservices/accounts"
_FILTERS = f"{_ACCOUNTS}/raipolicies"
_MODELS = f"{_ACCOUNTS}/deployments"


# Resource Graph writes types in lower case; a resource is the same however it is written.
_NAMES = {
    name.casefold(): name
    for name in (
        "Microsoft.BotService/botServices",
        "Microsoft.CognitiveServices/accounts",
        "Microsoft.CognitiveServices/accounts/deployments",
        "Microsoft.CognitiveServices/accounts/raiPolicies",
        "Microsoft.Databricks/workspaces",
        "Microsoft.MachineLearningServices/registries",
        "Microsoft.MachineLearningServices/workspaces",
        "Microsoft.MachineLearningServices/workspaces/computes",
        "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
        "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
        "Microsoft.Network/privateEndpoints",
        "Microsoft.Search/searchServices",
    )
}


@dataclass(slots=True)
class ArmResource:
    """A resource by type and name, both with the parent's before a slash. `over` is the id of
    what an extension resource extends; `id` the whole id, where it is known."""

    type: str
    name: str
    body: dict[str, Any]
    over: str = ""
    id: str = ""
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the resource is found by: its id from the provider on."""
        return key_of(self.type, self.name)


def key_of(kind: str, name: str) -> str:
    """``namespace/type/name/type/name`` in lower case."""
    namespace, *types = kind.split("/")
    names = name.split("/")
    if len(types) != len(names):
        return f"{kind}|{name}".casefold()
    pairs = [part for pair in zip(types, names, strict=True) for part in pair]
    return "/".join([namespace, *pairs]).casefold()


def merged(items: Iterable[ArmResource | Skipped]) -> Iterator[Draft | Skipped]:
    """The resources, each with what belongs to it."""
    found = list(items)
    resources = [each for each in found if isinstance(each, ArmResource)]
    by_key = {each.key: each for each in resources}
    whole: list[ArmResource] = []
    for each in resources:
        place = _place_of(each)
        if place is None:
            whole.append(each)
            continue
        owner, path = place
        if owner not in by_key:
            found.append(Skipped(f"{each.type} {each.name}", "what it belongs to is not here"))
        else:
            _add(by_key[owner].body, path, each.body)
    for each in whole:
        _set_filters(each, by_key)
        kind = _NAMES.get(each.type.casefold(), each.type)
        yield Draft(kind, each.id or each.name, each.body, notes=each.notes)
    yield from (each for each in found if isinstance(each, Skipped))


def _place_of(resource: ArmResource) -> tuple[str, str] | None:
    """The key of what a resource belongs to, and the list there; None for one that stands alone."""
    kind = resource.type.casefold()
    if kind == _DIAGNOSTICS and resource.over:
        return _tail(resource.over), "diagnosticSettings"
    if kind.endswith("/providers/diagnosticsettings"):
        names = resource.name.split("/")
        owner = resource.type[: -len("/providers/diagnosticsettings")]
        return key_of(owner, "/".join(names[: len(owner.split("/")) - 1])), "diagnosticSettings"
    if kind == _DNS_GROUPS:
        return key_of(_ENDPOINTS, resource.name.split("/")[0]), "privateDnsZoneGroups"
    if kind.endswith(_CONNECTIONS):
        owner = resource.type[: -len(_CONNECTIONS)]
        name = resource.name.rpartition("/")[0]
        return key_of(owner, name), "properties.privateEndpointConnections"
    return None


def _tail(text: str) -> str:
    """An id from its last provider on, in lower case; ``type/name`` is one, too."""
    return text.casefold().rpartition("/providers/")[2].strip("/")


def _add(body: dict[str, Any], path: str, item: dict[str, Any]) -> None:
    present = member(body, *path.split("."))
    rows = list(present) if isinstance(present, list) else []
    wanted = _name(item)
    if not any(wanted and _name(each) == wanted for each in rows):
        put(body, path, [*rows, item])


def _name(item: Any) -> str:
    name = member(item, "name")
    return name.rpartition("/")[2].casefold() if isinstance(name, str) else ""


def _set_filters(resource: ArmResource, by_key: dict[str, ArmResource]) -> None:
    """Put the content filter that a model deployment names in place of its name."""
    name = member(resource.body, "properties", "raiPolicyName")
    if resource.type.casefold() != _MODELS or not isinstance(name, str) or is_opaque(name):
        return
    account = resource.name.partition("/")[0]
    chosen = by_key.get(key_of(_FILTERS, f"{account}/{name}"))
    told = member(chosen.body, "properties") if chosen else None
    if isinstance(told, dict) and member(resource.body, "properties", "raiPolicy") is None:
        put(resource.body, "properties.raiPolicy", {"name": name, **told})
