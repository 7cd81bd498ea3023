"""Cases for the definitions of Cognitive Services that judge accounts and their endpoints."""

from __future__ import annotations

from typing import Any

from tests.policies.azure.ai_services import ACCOUNT, account, local_auth, private_endpoint
from tests.policies.azure.bot import (
    ENDPOINT,
    PROVIDERS,
    WITHOUT_ZONES,
    ZONE_GROUPS,
    endpoint,
    links,
)
from tests.policies.azure.cases import Entry, Parameters, texts

STORAGE = f"{PROVIDERS}/Microsoft.Storage/storageAccounts/assist"

# Deprecated definitions are off unless the assignment asks.
AUDITED = (Parameters(azure={"effect": "Audit"}),)

STORAGES: list[Any] = [[], None, {}, "store", [{"resourceId": STORAGE}], [{}], [None], ["store"]]
ENCRYPTIONS: list[Any] = [
    {},
    None,
    [],
    "Microsoft.KeyVault",
    {"keySource": None},
    {"keySource": "Microsoft.KeyVault"},
    {"keyVaultProperties": {"keyName": "assist"}},
]
KEY_SOURCES = texts("Microsoft.KeyVault", "Microsoft.CognitiveServices")


def _public_access(file: str, parameters: tuple[Parameters, ...] = (Parameters(),)) -> Entry:
    return Entry(
        parameters=parameters,
        file=f"Cognitive Services/{file}.json",
        rule="azure_ai.public_network_access",
        type=ACCOUNT,
        base=account(publicNetworkAccess="Disabled"),
        values={
            "properties.publicNetworkAccess": texts("Disabled", "Enabled"),
            "properties.networkAcls": [{"defaultAction": "Deny"}, {"defaultAction": "Allow"}],
        },
    )


ENTRIES = (
    Entry(
        file="Cognitive Services/BYOX_Audit.json",
        rule="azure_ai.owned_storage_or_key_source",
        type=ACCOUNT,
        base=account(encryption={"keySource": "Microsoft.KeyVault"}, userOwnedStorage=[]),
        values={
            "properties.encryption": ENCRYPTIONS,
            "properties.encryption.keySource": KEY_SOURCES,
            "properties.userOwnedStorage": STORAGES,
        },
        parameters=AUDITED,
    ),
    Entry(
        file="Cognitive Services/CustomerManagedKey_Audit.json",
        rule="azure_ai.customer_managed_key",
        type=ACCOUNT,
        base=account(encryption={"keySource": "Microsoft.KeyVault"}),
        values={
            "properties.encryption": ENCRYPTIONS,
            "properties.encryption.keySource": KEY_SOURCES,
            "kind": ["OpenAI", "AIServices", "aiservices", "LUIS", "luis.AUTHORING", "", None, 7],
        },
        parameters=(
            Parameters(),
            Parameters(azure={"excludedKinds": ["openai"]}, ours={"excluded_kinds": ["openai"]}),
            Parameters(azure={"excludedKinds": []}, ours={"excluded_kinds": []}),
        ),
    ),
    local_auth("Cognitive Services/DisableLocalAuth_Modify", ACCOUNT),
    _public_access("DisablePublicNetworkAccess_Audit", AUDITED),
    _public_access("DisablePublicNetworkAccess_Modify"),
    private_endpoint("Cognitive Services/EnablePrivateEndpoints_Audit", ACCOUNT),
    private_endpoint("Cognitive Services/EnablePrivateEndpoints_DINE", ACCOUNT),
    Entry(
        file="Cognitive Services/Encryption_Audit.json",
        rule="azure_ai.encryption_key_source",
        type=ACCOUNT,
        base=account(encryption={"keySource": "Microsoft.KeyVault"}),
        values={
            "properties.encryption": ENCRYPTIONS,
            "properties.encryption.keySource": KEY_SOURCES,
        },
        parameters=AUDITED,
    ),
    Entry(
        file="Cognitive Services/ManagedIdentity_Audit.json",
        rule="azure_ai.managed_identity",
        type=ACCOUNT,
        base={**account(), "identity": {"type": "SystemAssigned"}},
        values={
            "identity.type": texts("SystemAssigned", "SystemAssigned, UserAssigned", "None"),
            "identity": [{}, None, "SystemAssigned", {"type": "UserAssigned"}],
        },
    ),
    Entry(
        file="Cognitive Services/PrivateDnsZones_DINE.json",
        rule="azure_ai.private_dns_zone",
        type=ENDPOINT,
        base=endpoint(f"{PROVIDERS}/{ACCOUNT}/assist", "account"),
        values={
            "properties.privateLinkServiceConnections": links(
                f"{PROVIDERS}/{ACCOUNT}/assist", "account", f"{PROVIDERS}/Microsoft.Web/sites/x"
            ),
            "privateDnsZoneGroups": ZONE_GROUPS,
        },
        silent=WITHOUT_ZONES,
    ),
    Entry(
        file="Cognitive Services/UserOwnedStorage_Audit.json",
        rule="azure_ai.owned_storage",
        type=ACCOUNT,
        base=account(
            userOwnedStorage=[{"resourceId": STORAGE}],
            capabilities=[{"name": "VirtualNetworks"}, {"name": "CustomerManagedStorage"}],
        ),
        values={
            "properties.userOwnedStorage": STORAGES,
            "properties.capabilities": [
                [],
                None,
                {},
                [{}],
                [{"name": "VirtualNetworks"}],
                [{"name": "customermanagedstorage"}],
                [{"name": "CustomerManagedStorage"}, {"name": "CustomerManagedStorage"}],
                [{"name": "CustomerManagedStorage "}],
                [{"name": None}],
                ["CustomerManagedStorage"],
                {"first": {"name": "CustomerManagedStorage"}},
            ],
        },
    ),
)
