"""Cases for the definitions of Azure AI Services, which judge AI Search too."""

from __future__ import annotations

from typing import Any

from tests.policies.azure.cases import Entry, booleans, texts
from tests.policies.azure.machine_learning import connection, connections

ACCOUNT = "Microsoft.CognitiveServices/accounts"
SEARCH = "Microsoft.Search/searchServices"


def account(**properties: Any) -> dict[str, Any]:
    return {"name": "assist-openai", "kind": "OpenAI", "properties": properties}


def search(**properties: Any) -> dict[str, Any]:
    return {"name": "assist-search", "sku": {"name": "standard"}, "properties": properties}


def local_auth(file: str, kind: str) -> Entry:
    return Entry(
        file=f"{file}.json",
        rule="azure_ai.local_auth_disabled",
        type=kind,
        base=account(disableLocalAuth=True, publicNetworkAccess="Disabled"),
        values={
            "properties.disableLocalAuth": booleans(),
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
            "kind": ["OpenAI", "AIServices"],
        },
    )


def private_endpoint(file: str, kind: str) -> Entry:
    return Entry(
        file=f"{file}.json",
        rule="azure_ai.private_endpoint",
        type=kind,
        base=account(
            publicNetworkAccess="Disabled", privateEndpointConnections=[connection("Approved")]
        ),
        values={
            "properties.privateEndpointConnections": connections(),
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
        },
    )


def log_setting(*logs: object) -> dict[str, Any]:
    return {"name": "audit", "properties": {"workspaceId": "w", "logs": list(logs)}}


AUDIT = {"category": "Audit", "enabled": True}


def _diagnostic_logs(kind: str) -> Entry:
    return Entry(
        file="Azure Ai Services/DiagnosticLogs_Audit.json",
        rule="azure_ai.diagnostic_logs",
        type=kind,
        base={**account(), "diagnosticSettings": [log_setting(AUDIT)]},
        values={
            "diagnosticSettings": [
                [],
                None,
                {},
                "logs",
                [{}],
                [log_setting()],
                [log_setting(AUDIT), log_setting()],
                [log_setting(), log_setting({"category": "Audit", "enabled": False})],
                [{"name": "load", "properties": {"metrics": [{"enabled": True}]}}],
                [{"name": "load", "properties": {"logs": None}}],
                [{"name": "load", "properties": {"logs": {"audit": True}}}],
                ["audit"],
            ],
            "diagnosticSettings.0.properties.logs": [[], [AUDIT], [AUDIT, AUDIT], None, {}, 7],
            "properties.publicNetworkAccess": ["Enabled", "Disabled"],
        },
        silent={
            "diagnosticSettings": "Azure looks for resources that do not come with the account"
        },
    )


def _network_restricted(kind: str, base: dict[str, Any]) -> Entry:
    address = {"value": "203.0.113.7"}
    return Entry(
        file="Azure Ai Services/NetworkAcls_Audit.json",
        rule="azure_ai.network_restricted",
        type=kind,
        base=base,
        values={
            "properties.publicNetworkAccess": texts("Disabled", "Enabled"),
            "properties.networkAcls.defaultAction": texts("Deny", "Allow"),
            "properties.networkRuleSet.ipRules": [
                [],
                None,
                {},
                [address],
                [address, {"value": "198.51.100.0/24"}],
                [address, {}],
                [{}],
                [{"value": None}],
                [{"value": ""}],
                ["203.0.113.7"],
            ],
        },
    )


ENTRIES = (
    _diagnostic_logs(ACCOUNT),
    _diagnostic_logs(SEARCH),
    local_auth("Azure Ai Services/DisableLocalAuth_Audit", ACCOUNT),
    local_auth("Azure Ai Services/DisableLocalAuth_Audit", SEARCH),
    local_auth("Azure Ai Services/DisableLocalAuth_CognitiveServices_DINE", ACCOUNT),
    local_auth("Azure Ai Services/DisableLocalAuth_Search_DINE", SEARCH),
    private_endpoint("Azure Ai Services/EnablePrivateEndpoints_Audit", ACCOUNT),
    private_endpoint("Azure Ai Services/EnablePrivateEndpoints_Audit", SEARCH),
    _network_restricted(
        ACCOUNT, account(publicNetworkAccess="Enabled", networkAcls={"defaultAction": "Deny"})
    ),
    _network_restricted(
        SEARCH,
        search(
            publicNetworkAccess="enabled", networkRuleSet={"ipRules": [{"value": "203.0.113.7"}]}
        ),
    ),
)
