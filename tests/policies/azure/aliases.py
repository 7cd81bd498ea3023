"""Where the properties that Azure's aliases name stand in an ARM-shaped document.

A path is dotted; ``[*]`` after a name stands for every element of that array. Some aliases of the
data-plane modes name what no ARM resource has as such; for them the table has a function of the
document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.policies.azure.operators import MISSING

Source = str | Callable[[Mapping[str, Any]], Any]

_BELOW_PROPERTIES: dict[str, list[str]] = {
    "Microsoft.BotService/botServices": [
        "disableLocalAuth",
        "endpoint",
        "isCmekEnabled",
        "publicNetworkAccess",
    ],
    "Microsoft.CognitiveServices/accounts": [
        "capabilities[*]",
        "capabilities[*].name",
        "disableLocalAuth",
        "encryption",
        "encryption.keySource",
        "networkAcls.defaultAction",
        "publicNetworkAccess",
        "userOwnedStorage[*]",
    ],
    "Microsoft.CognitiveServices.Data/accounts/deployments": [
        "model.assetId",
        "model.publisher",
        "raiPolicy.mode",
        "raiPolicy.contentFilters[*]",
        "raiPolicy.contentFilters[*].blocking",
        "raiPolicy.contentFilters[*].enabled",
        "raiPolicy.contentFilters[*].name",
        "raiPolicy.contentFilters[*].severityThreshold",
        "raiPolicy.contentFilters[*].source",
    ],
    "Microsoft.Databricks/workspaces": [
        "parameters.customPrivateSubnetName.value",
        "parameters.customPublicSubnetName.value",
        "parameters.customVirtualNetworkId.value",
        "parameters.enableNoPublicIp.value",
        "publicNetworkAccess",
    ],
    "Microsoft.Insights/diagnosticSettings": [
        "logs[*]",
        "logs[*].retentionPolicy.days",
        "logs[*].retentionPolicy.enabled",
        "storageAccountId",
        "workspaceId",
    ],
    "Microsoft.MachineLearningServices/workspaces": [
        "encryption.status",
        "managedNetwork.isolationMode",
        "primaryUserAssignedIdentity",
        "publicNetworkAccess",
        "v1LegacyMode",
    ],
    "Microsoft.MachineLearningServices/workspaces/computes": ["computeType", "disableLocalAuth"],
    "Microsoft.Network/privateEndpoints": [
        "privateLinkServiceConnections[*]",
    ],
    "Microsoft.Search/searchServices": [
        "authOptions",
        "disableLocalAuth",
        "encryptionWithCmk.encryptionComplianceStatus",
        "encryptionWithCmk.enforcement",
        "networkRuleSet.ipRules[*].value",
        "publicNetworkAccess",
    ],
}
_WITH_PRIVATE_ENDPOINTS = [
    "Microsoft.BotService/botServices",
    "Microsoft.CognitiveServices/accounts",
    "Microsoft.Databricks/workspaces",
    "Microsoft.MachineLearningServices/workspaces",
    "Microsoft.Search/searchServices",
]
_STATUS = "privateLinkServiceConnectionState.status"
_COMPUTE = "Microsoft.MachineLearningServices/workspaces/computes"
_DEPLOYMENT = "Microsoft.MachineLearningServices.v2.Data/workspaces/deployments"
_JOB = "Microsoft.MachineLearningServices.Data/workspaces"
_CONNECTION = "Microsoft.Network/privateEndpoints/privateLinkServiceConnections[*]"
_REGISTRIES = "azureml://registries/"
# What jobs call the computes that ARM knows by another name.
_COMPUTE_TYPES = {"amlcompute": "MachineLearningCompute", "datafactory": "AzureDataFactory"}


def _below(document: Mapping[str, Any], path: str) -> Any:
    value: Any = document
    for name in path.split("."):
        if not isinstance(value, dict) or value.get(name) is None:
            return MISSING
        value = value[name]
    return value


def _model(name: str) -> Callable[[Mapping[str, Any]], Any]:
    """A deployment names its model by its asset id, or tells more in an object."""

    def read(document: Mapping[str, Any]) -> Any:
        model = _below(document, "properties.model")
        if not isinstance(model, str):
            return _below(document, f"properties.model.{name}")
        if name == "assetId":
            return model
        if name == "registryName" and model.lower().startswith(_REGISTRIES):
            return model[len(_REGISTRIES) :].split("/")[0]
        return MISSING

    return read


def _compute_name(document: Mapping[str, Any]) -> Any:
    """The name alone; a template has the one of the workspace in front of it."""
    found = _below(document, "name")
    return found.split("/")[-1] if isinstance(found, str) else found


def _compute_type(document: Mapping[str, Any]) -> Any:
    found = _below(document, "properties.computeType")
    return _COMPUTE_TYPES.get(found.lower(), found) if isinstance(found, str) else found


def _is_isolated(document: Mapping[str, Any]) -> str:
    subnet = _below(document, "properties.properties.subnet.id")
    return "Yes" if isinstance(subnet, str) and subnet else "No"


def _tags(document: Mapping[str, Any]) -> list[str]:
    tags = _below(document, "tags")
    return [f"{key}:{value}" for key, value in tags.items()] if isinstance(tags, dict) else []


def _table() -> dict[str, Source]:
    table: dict[str, Source] = {
        f"{kind}/{name}": f"properties.{name}"
        for kind, names in _BELOW_PROPERTIES.items()
        for name in names
    }
    for kind in _WITH_PRIVATE_ENDPOINTS:
        connections = "properties.privateEndpointConnections[*]"
        table[f"{kind}/privateEndpointConnections[*]"] = connections
        table[f"{kind}/privateEndpointConnections[*].{_STATUS}"] = (
            f"{connections}.properties.{_STATUS}"
        )
        # The connection as a resource of its own.
        table[f"{kind}/privateEndpointConnections/{_STATUS}"] = f"properties.{_STATUS}"
    for name in ("groupIds[*]", "privateLinkServiceId"):
        table[f"{_CONNECTION}.{name}"] = (
            f"properties.privateLinkServiceConnections[*].properties.{name}"
        )
    for name in (
        "idleTimeBeforeShutdown",
        "osImageMetadata.isLatestOsImageVersion",
        "subnet.id",
    ):
        table[f"{_COMPUTE}/{name}"] = f"properties.properties.{name}"
    for kind in ("Microsoft.Databricks/workspaces", "Microsoft.Search/searchServices"):
        table[f"{kind}/sku.name"] = "sku.name"
    # Older aliases without the sign; they stand for the same elements.
    for name in ("logs", "metrics"):
        table[f"Microsoft.Insights/diagnosticSettings/{name}.enabled"] = (
            f"properties.{name}[*].enabled"
        )
    for name in ("assetId", "publisher", "registryName"):
        table[f"{_DEPLOYMENT}/model.{name}"] = _model(name)
    table[f"{_JOB}/computeName"] = _compute_name
    table[f"{_JOB}/computeType"] = _compute_type
    table[f"{_JOB}/isIsolatedNetwork"] = _is_isolated
    table[f"{_JOB}/tags[*]"] = _tags
    return {alias.lower(): source for alias, source in table.items()}


PLAIN_FIELDS = {
    "id": "id",
    "identity.type": "identity.type",
    "kind": "kind",
    "location": "location",
    "name": "name",
    "tags": "tags",
}
ALIASES: Mapping[str, Source] = _table()

# The component types of the data-plane modes, and the ARM resource that our document tells of.
COMPONENTS = {
    "Microsoft.CognitiveServices/accounts/deployments": (
        "Microsoft.CognitiveServices.Data/accounts/deployments"
    ),
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments": (
        "Microsoft.MachineLearningServices.v2.Data/workspaces/deployments"
    ),
}

# A mode that is about one type of resource alone, without saying so in its rules.
SUBJECTS = {"Microsoft.MachineLearningServices.Data": _COMPUTE}
