"""Types of Terraform's provider azurerm for Machine Learning, from its documentation."""

from __future__ import annotations

from typing import Any

from policies.normalisers.rows import (
    enabled,
    identity_ids,
    identity_words,
    negated,
    only_object,
    rows,
)
from policies.normalisers.terraform_rows import Kind

_WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
_INSIDE = "properties.properties"


def _key(value: Any) -> Any:
    """Azure's words for a key that is the customer's."""
    return "Enabled" if isinstance(value, str | list) and value else None


COMMON = rows(
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
    COMMON
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
_COMPUTE = COMMON + rows(
    ("description", "properties.description"),
    ("local_auth_enabled", "properties.disableLocalAuth", negated),
    ("subnet_resource_id", f"{_INSIDE}.subnet.id"),
    ("node_public_ip_enabled", f"{_INSIDE}.enableNodePublicIp"),
)
AZURE_ML: dict[str, Kind] = {
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
}
