"""Types of Terraform's provider azurerm beside Machine Learning, from its documentation."""

from __future__ import annotations

from typing import Any

from policies.normalisers.rows import (
    enabled,
    map_rows,
    negated,
    only_flag,
    only_list,
    only_object,
    only_text,
    rows,
)
from policies.normalisers.terraform_azure_ml import AZURE_ML, COMMON
from policies.normalisers.terraform_rows import Kind

_ACCOUNT = "Microsoft.CognitiveServices/accounts"


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


def _addresses(value: Any) -> Any:
    """Allowed addresses as rules of a search service."""
    return [{"value": each} for each in value] if isinstance(value, list) else None


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


_AI = COMMON + rows(
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
    **AZURE_ML,
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
        COMMON
        + rows(
            ("sku", "sku.name"),
            ("local_authentication_enabled", "properties.disableLocalAuth", negated),
            ("public_network_access_enabled", "properties.publicNetworkAccess", enabled),
            (
                "customer_managed_key_enforcement_enabled",
                "properties.encryptionWithCmk.enforcement",
                enabled,
            ),
            ("allowed_ips", "properties.networkRuleSet.ipRules", _addresses),
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
            *(
                (f"custom_parameters.0.{source}", f"properties.parameters.{target}", _value)
                for source, target in (
                    ("virtual_network_id", "customVirtualNetworkId"),
                    ("public_subnet_name", "customPublicSubnetName"),
                    ("private_subnet_name", "customPrivateSubnetName"),
                )
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
