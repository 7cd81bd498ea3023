"""Types of Terraform's provider azurerm, from its documentation (versions 3 and 4)."""

from __future__ import annotations

from typing import Any

from policies.normalisers.rows import (
    enabled,
    identity_ids,
    identity_words,
    map_rows,
    negated,
    only_flag,
    only_list,
    only_object,
    only_text,
    rows,
)
from policies.normalisers.terraform_rows import Kind

_WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
_ACCOUNT = "Microsoft.CognitiveServices/accounts"
_INSIDE = "properties.properties"


def _key(value: Any) -> Any:
    """Azure's words for a key that is the customer's."""
    return "Enabled" if isinstance(value, str | list) and value else None


def _vault(value: Any) -> Any:
    return "Microsoft.KeyVault" if isinstance(value, str | list) and value else None


def _value(value: Any) -> Any:
    return {"value": value} if isinstance(value, str | bool) else None


def _filters(value: Any) -> Any:
    if not isinstance(value, list):
        return None
    table = rows(
        ("name", "name"),
        ("filter_enabled", "enabled", only_flag),
        ("block_enabled", "blocking", only_flag),
        ("severity_threshold", "severityThreshold"),
        ("source", "source"),
    )
    return [map_rows(each, table) for each in value]


def _groups(value: Any) -> Any:
    """The DNS zone groups of a private endpoint in the shape of their own resource."""
    if not isinstance(value, list):
        return None
    return [
        {
            "name": each.get("name"),
            "properties": {
                "privateDnsZoneConfigs": [
                    {"properties": {"privateDnsZoneId": zone}}
                    for zone in each.get("private_dns_zone_ids") or []
                    if isinstance(zone, str)
                ]
            },
        }
        for each in value
        if isinstance(each, dict) and isinstance(each.get("private_dns_zone_ids", []), list)
    ]


def _links(value: Any) -> Any:
    if not isinstance(value, list):
        return None
    table = rows(
        ("name", "name"),
        ("private_connection_resource_id", "properties.privateLinkServiceId"),
        ("subresource_names", "properties.groupIds", only_list),
    )
    return [map_rows(each, table) for each in value]


def _stores(value: Any) -> Any:
    table = rows(("storage_account_id", "resourceId"), ("identity_client_id", "identityClientId"))
    return [map_rows(each, table) for each in value] if isinstance(value, list) else None


_COMMON = rows(
    ("location", "location"),
    ("tags", "tags", only_object),
    ("identity.0.type", "identity.type", identity_words),
    ("identity.0.identity_ids", "identity.userAssignedIdentities", identity_ids),
)
_KEY_OF_WORKSPACE = rows(
    ("encryption", "properties.encryption.status", _key),
    (
        "encryption.0.key_vault_id",
        "properties.encryption.keyVaultProperties.keyVaultArmId",
    ),
    ("encryption.0.key_id", "properties.encryption.keyVaultProperties.keyIdentifier"),
)
_ML = (
    _COMMON
    + _KEY_OF_WORKSPACE
    + rows(
        ("primary_user_assigned_identity", "properties.primaryUserAssignedIdentity"),
        ("managed_network.0.isolation_mode", "properties.managedNetwork.isolationMode"),
        ("friendly_name", "properties.friendlyName"),
        ("description", "properties.description"),
        ("key_vault_id", "properties.keyVault"),
        ("storage_account_id", "properties.storageAccount"),
        ("application_insights_id", "properties.applicationInsights"),
        ("container_registry_id", "properties.containerRegistry"),
    )
)
_COMPUTE = _COMMON + rows(
    ("description", "properties.description"),
    ("local_auth_enabled", "properties.disableLocalAuth", negated),
    ("subnet_resource_id", f"{_INSIDE}.subnet.id"),
    ("node_public_ip_enabled", f"{_INSIDE}.enableNodePublicIp"),
)
_AI = _COMMON + rows(
    ("sku_name", "sku.name"),
    ("custom_subdomain_name", "properties.customSubDomainName"),
    ("fqdns", "properties.allowedFqdnList", only_list),
    ("outbound_network_access_restricted", "properties.restrictOutboundNetworkAccess"),
    ("customer_managed_key", "properties.encryption.keySource", _vault),
    ("network_acls.0.default_action", "properties.networkAcls.defaultAction"),
    ("network_acls.0.ip_rules", "properties.networkAcls.ipRules", only_list),
    ("network_acls.0.bypass", "properties.networkAcls.bypass"),
    ("storage", "properties.userOwnedStorage", _stores),
)


_BOT = rows(
    ("location", "location"),
    ("tags", "tags", only_object),
    ("sku", "sku.name"),
    ("endpoint", "properties.endpoint", only_text),
    ("icon_url", "properties.iconUrl", only_text),
    ("public_network_access_enabled", "properties.publicNetworkAccess", enabled),
    ("cmk_key_vault_url", "properties.cmekKeyVaultUrl", only_text),
    (
        "cmk_key_vault_url",
        "properties.isCmekEnabled",
        lambda value: True if isinstance(value, str) and value else None,
    ),
)
AZURE: dict[str, Kind] = {
    "azurerm_machine_learning_workspace": Kind(
        _WORKSPACE,
        _ML
        + rows(
            ("kind", "kind"),
            ("sku_name", "sku.name"),
            ("public_network_access_enabled", "properties.publicNetworkAccess", enabled),
            ("v1_legacy_mode_enabled", "properties.v1LegacyMode"),
            ("high_business_impact", "properties.hbiWorkspace"),
            ("image_build_compute_name", "properties.imageBuildCompute"),
        ),
    ),
    "azurerm_ai_foundry": Kind(
        _WORKSPACE,
        _ML
        + rows(
            ("public_network_access", "properties.publicNetworkAccess", enabled),
            ("high_business_impact_enabled", "properties.hbiWorkspace"),
        ),
        {"kind": "Hub"},
    ),
    "azurerm_machine_learning_compute_instance": Kind(
        f"{_WORKSPACE}/computes",
        _COMPUTE + rows(("virtual_machine_size", f"{_INSIDE}.vmSize")),
        {"properties.computeType": "ComputeInstance"},
    ),
    "azurerm_machine_learning_compute_cluster": Kind(
        f"{_WORKSPACE}/computes",
        _COMPUTE
        + rows(
            ("vm_size", f"{_INSIDE}.vmSize"),
            ("vm_priority", f"{_INSIDE}.vmPriority"),
            (
                "ssh_public_access_enabled",
                f"{_INSIDE}.remoteLoginPortPublicAccess",
                enabled,
            ),
        ),
        {"properties.computeType": "AmlCompute"},
    ),
    "azurerm_cognitive_account": Kind(
        _ACCOUNT,
        _AI
        + rows(
            ("kind", "kind"),
            ("local_auth_enabled", "properties.disableLocalAuth", negated),
            ("public_network_access_enabled", "properties.publicNetworkAccess", enabled),
        ),
    ),
    "azurerm_ai_services": Kind(
        _ACCOUNT,
        _AI
        + rows(
            ("local_authentication_enabled", "properties.disableLocalAuth", negated),
            ("public_network_access", "properties.publicNetworkAccess", enabled),
        ),
        {"kind": "AIServices"},
    ),
    "azurerm_cognitive_deployment": Kind(
        f"{_ACCOUNT}/deployments",
        rows(
            ("model.0.format", "properties.model.format"),
            ("model.0.name", "properties.model.name"),
            ("model.0.version", "properties.model.version"),
            ("rai_policy_name", "properties.raiPolicyName"),
            ("version_upgrade_option", "properties.versionUpgradeOption"),
            ("sku.0.name", "sku.name"),
            ("sku.0.capacity", "sku.capacity"),
        ),
    ),
    "azurerm_cognitive_account_rai_policy": Kind(
        f"{_ACCOUNT}/raiPolicies",
        rows(
            ("base_policy_name", "properties.basePolicyName"),
            ("mode", "properties.mode"),
            ("content_filter", "properties.contentFilters", _filters),
        ),
    ),
    "azurerm_search_service": Kind(
        "Microsoft.Search/searchServices",
        _COMMON
        + rows(
            ("sku", "sku.name"),
            ("local_authentication_enabled", "properties.disableLocalAuth", negated),
            ("public_network_access_enabled", "properties.publicNetworkAccess", enabled),
            (
                "customer_managed_key_enforcement_enabled",
                "properties.encryptionWithCmk.enforcement",
                enabled,
            ),
            ("replica_count", "properties.replicaCount"),
            ("partition_count", "properties.partitionCount"),
            ("hosting_mode", "properties.hostingMode"),
        ),
    ),
    "azurerm_databricks_workspace": Kind(
        "Microsoft.Databricks/workspaces",
        rows(
            ("location", "location"),
            ("tags", "tags", only_object),
            ("sku", "sku.name"),
            ("public_network_access_enabled", "properties.publicNetworkAccess", enabled),
            ("network_security_group_rules_required", "properties.requiredNsgRules"),
            (
                "custom_parameters.0.no_public_ip",
                "properties.parameters.enableNoPublicIp",
                _value,
            ),
            (
                "custom_parameters.0.virtual_network_id",
                "properties.parameters.customVirtualNetworkId",
                _value,
            ),
            (
                "infrastructure_encryption_enabled",
                "properties.parameters.requireInfrastructureEncryption",
                _value,
            ),
            (
                "managed_services_cmk_key_vault_key_id",
                "properties.encryption.entities.managedServices.keySource",
                lambda value: "Microsoft.Keyvault" if isinstance(value, str) and value else None,
            ),
        ),
    ),
    "azurerm_bot_service_azure_bot": Kind(
        "Microsoft.BotService/botServices",
        _BOT
        + rows(
            ("local_authentication_enabled", "properties.disableLocalAuth", negated),
            ("microsoft_app_type", "properties.msaAppType", only_text),
        ),
        {"kind": "azurebot"},
    ),
    "azurerm_bot_channels_registration": Kind("Microsoft.BotService/botServices", _BOT),
    "azurerm_private_endpoint": Kind(
        "Microsoft.Network/privateEndpoints",
        rows(
            ("location", "location"),
            ("tags", "tags", only_object),
            ("subnet_id", "properties.subnet.id"),
            ("private_service_connection", "properties.privateLinkServiceConnections", _links),
            ("private_dns_zone_group", "privateDnsZoneGroups", _groups),
        ),
    ),
}
