"""Parameters of Azure Verified Modules.

Source: the modules' own documentation. A file of parameters does not say which module it is for:
the submitter does. What is left out gets the module's default, which stands in the module and
not here: so nothing that is left out is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policies.normalisers.base import (
    DECLARED,
    Draft,
    Hints,
    NormalisationError,
    Reach,
    mapping,
    member,
    put,
    text,
)
from policies.normalisers.rows import (
    Row,
    identity_ids,
    map_rows,
    only_flag,
    only_list,
    only_object,
    rows,
)

_ACCOUNTS = "Microsoft.CognitiveServices/accounts"
_WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
_DATABRICKS = "Microsoft.Databricks/workspaces"
_SEARCH = "Microsoft.Search/searchServices"
_SAME = (
    "properties.publicNetworkAccess",
    "properties.disableLocalAuth",
    "properties.networkAcls",
    "properties.description",
    "properties.friendlyName",
    "properties.discoveryUrl",
    "properties.imageBuildCompute",
    "properties.hbiWorkspace",
    "properties.primaryUserAssignedIdentity",
    "properties.systemDatastoresAuthMode",
    "properties.provisionNetworkNow",
    "properties.ipAllowlist",
    "properties.customSubDomainName",
    "properties.restrictOutboundNetworkAccess",
    "properties.allowedFqdnList",
    "properties.userOwnedStorage",
    "properties.requiredNsgRules",
    "properties.authOptions",
    "properties.replicaCount",
    "properties.partitionCount",
)
_COMMON = rows(
    ("tags", "tags", only_object),
    ("location", "location"),
    ("kind", "kind"),
    *((path.rpartition(".")[2], path) for path in _SAME),
)


def _key_status(value: Any) -> Any:
    return "Enabled" if isinstance(value, dict) and value else None


def _key_source(value: Any) -> Any:
    return "Microsoft.KeyVault" if isinstance(value, dict) and value else None


def _value(value: Any) -> Any:
    """A parameter of a managed resource as Databricks keeps it."""
    return {"value": value} if isinstance(value, str | bool) else None


_TABLES: dict[str, tuple[str, tuple[Row, ...]]] = {
    "machine-learning-services/workspace": (
        _WORKSPACES,
        _COMMON
        + rows(
            ("sku", "sku.name"),
            ("associatedKeyVaultResourceId", "properties.keyVault"),
            ("associatedStorageAccountResourceId", "properties.storageAccount"),
            ("associatedApplicationInsightsResourceId", "properties.applicationInsights"),
            ("associatedContainerRegistryResourceId", "properties.containerRegistry"),
            ("hubResourceId", "properties.hubResourceId"),
            ("managedNetworkSettings", "properties.managedNetwork", only_object),
            ("serverlessComputeSettings", "properties.serverlessComputeSettings", only_object),
            ("customerManagedKey", "properties.encryption.status", _key_status),
            (
                "customerManagedKey.keyVaultResourceId",
                "properties.encryption.keyVaultProperties.keyVaultArmId",
            ),
        ),
    ),
    "cognitive-services/account": (
        _ACCOUNTS,
        _COMMON
        + rows(
            ("sku", "sku.name"),
            ("customerManagedKey", "properties.encryption.keySource", _key_source),
            (
                "customerManagedKey.keyName",
                "properties.encryption.keyVaultProperties.keyName",
            ),
        ),
    ),
    "databricks/workspace": (
        _DATABRICKS,
        _COMMON
        + rows(
            ("skuName", "sku.name"),
            ("disablePublicIp", "properties.parameters.enableNoPublicIp", _value),
            ("prepareEncryption", "properties.parameters.prepareEncryption", _value),
            (
                "requireInfrastructureEncryption",
                "properties.parameters.requireInfrastructureEncryption",
                _value,
            ),
            (
                "customVirtualNetworkResourceId",
                "properties.parameters.customVirtualNetworkId",
                _value,
            ),
            ("customPublicSubnetName", "properties.parameters.customPublicSubnetName", _value),
            ("customPrivateSubnetName", "properties.parameters.customPrivateSubnetName", _value),
            (
                "customerManagedKey",
                "properties.encryption.entities.managedServices.keySource",
                lambda value: "Microsoft.Keyvault" if isinstance(value, dict) and value else None,
            ),
        ),
    ),
    "search/search-service": (_SEARCH, _COMMON + rows(("sku", "sku.name"))),
}
_COMPUTE = rows(
    ("computeType", "properties.computeType"),
    ("description", "properties.description"),
    ("disableLocalAuth", "properties.disableLocalAuth", only_flag),
    ("properties", "properties.properties", only_object),
    ("location", "location"),
    ("tags", "tags", only_object),
)
_MODEL = rows(
    ("model", "properties.model", only_object),
    ("raiPolicyName", "properties.raiPolicyName"),
    ("versionUpgradeOption", "properties.versionUpgradeOption"),
    ("sku", "sku", only_object),
)


@dataclass(frozen=True, slots=True)
class _Children:
    """A parameter that lists resources of their own below the module's."""

    key: str
    type: str
    table: tuple[Row, ...]


_CHILDREN = {
    _WORKSPACES: _Children("computes", f"{_WORKSPACES}/computes", _COMPUTE),
    _ACCOUNTS: _Children("deployments", f"{_ACCOUNTS}/deployments", _MODEL),
}
MODULES = tuple(f"avm/res/{name}" for name in _TABLES)


class AvmParameters:
    """Parameter files of Azure Verified Modules; the hint `module` names the module."""

    name = "avm-parameters"
    title = "Azure Verified Module parameters"
    provenance = DECLARED

    def read(self, document: Any, hints: Hints) -> Iterator[Draft]:
        """The module's resource, and its computes or model deployments."""
        kind, table = _module(hints.module)
        body = mapping(document, "")
        given = mapping(body.get("parameters", body), "parameters")
        told = {name: _plain(each) for name, each in given.items()}
        name = text(told.get("name"), "parameters.name.value")
        configuration = {"name": name, "type": kind, **map_rows(told, table)}
        _put_identity(configuration, told.get("managedIdentities"))
        _put_settings(configuration, told.get("diagnosticSettings"))
        yield Draft(kind, hints.external_id or name, configuration)
        if kind in _CHILDREN:
            yield from _children(told, name, _CHILDREN[kind])

    def reach(self, resource_type: str) -> Reach | None:
        """Whatever is left out is left to the module's defaults."""
        known = {kind for kind, _ in _TABLES.values()} | {each.type for each in _CHILDREN.values()}
        is_known = resource_type.casefold() in {kind.casefold() for kind in known}
        return Reach(untold=("",)) if is_known else None


def _module(name: str) -> tuple[str, tuple[Row, ...]]:
    """The type and table of a module, by its path in the registry of modules."""
    wanted = name.casefold().removeprefix("br/public:").partition(":")[0]
    wanted = wanted.strip("/").removeprefix("avm/res/")
    found = _TABLES.get(wanted)
    if found is None:
        known = ", ".join(MODULES)
        raise NormalisationError(
            f"the hint module must name the module that the parameters are for: one of {known}",
            path="module",
        )
    return found


def _plain(parameter: Any) -> Any:
    """The value of a parameter; one that lies in a vault has none here."""
    if isinstance(parameter, dict) and parameter.keys() <= {"value", "reference", "metadata"}:
        return parameter.get("value")
    return parameter


def _put_identity(configuration: dict[str, Any], told: Any) -> None:
    system = member(told, "systemAssigned")
    ids = identity_ids(member(told, "userAssignedResourceIds"))
    words = [
        word
        for word, holds in (("SystemAssigned", system is True), ("UserAssigned", bool(ids)))
        if holds
    ]
    if words:
        put(configuration, "identity.type", ", ".join(words))
    if ids:
        put(configuration, "identity.userAssignedIdentities", ids)


def _put_settings(configuration: dict[str, Any], told: Any) -> None:
    """Diagnostic settings in the shape of their own resource."""
    table = rows(
        ("name", "name"),
        ("workspaceResourceId", "properties.workspaceId"),
        ("storageAccountResourceId", "properties.storageAccountId"),
        ("eventHubName", "properties.eventHubName"),
        ("eventHubAuthorizationRuleResourceId", "properties.eventHubAuthorizationRuleId"),
        ("logCategoriesAndGroups", "properties.logs", only_list),
        ("metricCategories", "properties.metrics", only_list),
    )
    if isinstance(told, list):
        configuration["diagnosticSettings"] = [map_rows(each, table) for each in told]


def _children(told: dict[str, Any], parent: str, children: _Children) -> Iterator[Draft]:
    key, kind, table = children.key, children.type, children.table
    found = told.get(key)
    for index, each in enumerate(found if isinstance(found, list) else []):
        own = mapping(each, f"parameters.{key}.value[{index}]")
        default = member(own, "model", "name")
        name = text(own.get("name", default), f"parameters.{key}.value[{index}].name")
        configuration = {"name": name, "type": kind, **map_rows(own, table)}
        _put_identity(configuration, own.get("managedIdentities"))
        yield Draft(kind, f"{parent}/{name}", configuration)
