"""Cases for the definitions about resources beside an Azure Machine Learning workspace."""

from __future__ import annotations

from typing import Any

from tests.policies.azure.cases import Entry, Parameters
from tests.policies.azure.documents import NO_SETTINGS, NO_ZONE_GROUPS
from tests.policies.azure.machine_learning import WORKSPACE, workspace

ENDPOINT = "Microsoft.Network/privateEndpoints"
LOGS = (
    "/subscriptions/3f1c2a44/resourceGroups/logs/providers"
    "/Microsoft.OperationalInsights/workspaces/logs"
)


def setting(name: str, *logs: object, **properties: Any) -> dict[str, Any]:
    return {"name": name, "properties": {"workspaceId": LOGS, "logs": [*logs], **properties}}


def log(enabled: object = True, *, days: object = None, kept: object = True) -> dict[str, Any]:
    """One log of a setting, with a retention when days are given."""
    found: dict[str, Any] = {"category": "AmlComputeClusterEvent"}
    if enabled is not None:
        found["enabled"] = enabled
    if days is not None:
        found["retentionPolicy"] = {"enabled": kept, "days": days}
    return found


STORE = {"storageAccountId": "/subscriptions/3f1c2a44/resourceGroups/logs/x"}
DIAGNOSTICS = Entry(
    file="Machine Learning/AuditDiagnosticLog_Audit.json",
    rule="azure_ml.diagnostic_logs",
    type=WORKSPACE,
    base={**workspace(), "diagnosticSettings": [setting("all", log())]},
    values={
        "diagnosticSettings": [
            [],
            None,
            [{"name": "empty"}],
            [setting("s")],
            *([setting("s", log(each))] for each in (True, False, "True", "false", None)),
            *([setting("s", log(days=each), **STORE)] for each in (0, 30, 364, 365, "365", "90")),
            [setting("s", log(days=30, kept=False), **STORE)],
            [setting("s", log(days=30))],
            [setting("s", log(False, days=0), **STORE)],
            [setting("s", log(days=7), log(days=365), **STORE)],
            [setting("s", log(days=7), log(False), **STORE)],
            [setting("s", log(False)), setting("t", log())],
            [setting("s", {"enabled": True, "retentionPolicy": {"enabled": True}}, **STORE)],
            [setting("s", {"enabled": True, "retentionPolicy": None}, **STORE)],
        ],
        "properties.publicNetworkAccess": ["Enabled"],
    },
    parameters=(
        Parameters(),
        Parameters(azure={"requiredRetentionDays": "30"}, ours={"required_retention_days": 30}),
        Parameters(azure={"requiredRetentionDays": "8"}, ours={"required_retention_days": 8}),
    ),
    silent=NO_SETTINGS,
)
PROFILE = "MachineLearningServicesDiagnosticsLogsToWorkspace"
ON, OFF = {"enabled": True}, {"enabled": False}
TO_WORKSPACE = Entry(
    file="Machine Learning/AuditDiagnosticLog_DINE.json",
    rule="azure_ml.diagnostic_logs_to_workspace",
    type=WORKSPACE,
    base={**workspace(), "diagnosticSettings": [setting(PROFILE, ON, metrics=[ON])]},
    values={
        "diagnosticSettings": [
            [],
            [{"name": PROFILE}],
            [setting(PROFILE)],
            [setting(PROFILE.lower(), ON, ON, metrics=[ON, ON])],
            [setting("another", ON, metrics=[ON])],
            [setting("another", ON), setting(PROFILE, ON, metrics=[ON])],
            [setting(PROFILE, ON, OFF, metrics=[ON])],
            [setting(PROFILE, OFF, metrics=[ON])],
            [setting(PROFILE, OFF, metrics=[OFF])],
            [setting(PROFILE, {}, metrics=[ON])],
            [setting(PROFILE, ON, metrics=[])],
            [setting(PROFILE, ON, metrics=[OFF])],
            [setting(PROFILE, {"enabled": "True"}, metrics=[ON])],
            [setting(PROFILE, ON, metrics=[ON], workspaceId=LOGS.upper())],
            [setting(PROFILE, ON, metrics=[ON], workspaceId=f"{LOGS}-other")],
            [setting(PROFILE, ON, metrics=[ON], workspaceId=None)],
            [setting(PROFILE, ON, metrics=[ON], workspaceId="")],
        ],
        "properties.publicNetworkAccess": ["Enabled"],
    },
    parameters=(
        Parameters(azure={"logAnalytics": LOGS}, ours={"log_analytics": LOGS}),
        Parameters(
            azure={"logAnalytics": LOGS, "logsEnabled": False, "metricsEnabled": False},
            ours={"log_analytics": LOGS, "logs_enabled": False, "metrics_enabled": False},
        ),
        Parameters(
            azure={"logAnalytics": LOGS, "profileName": "another", "metricsEnabled": True},
            ours={"log_analytics": LOGS, "profile_name": "another"},
        ),
    ),
    silent=NO_SETTINGS,
)


def linked(*groups: object) -> dict[str, Any]:
    properties = {"privateLinkServiceId": "/subscriptions/x/workspaces/assist-prod"}
    return {"name": "c", "properties": {**properties, "groupIds": [*groups]}}


ZONES = Entry(
    file="Machine Learning/Workspace_PrivateDnsZones_DINE.json",
    rule="azure_ml.private_dns_zone",
    type=ENDPOINT,
    base={
        "name": "pe-assist",
        "properties": {"privateLinkServiceConnections": [linked("amlworkspace")]},
        "privateDnsZoneGroups": [{"name": "default", "properties": {}}],
    },
    values={
        "properties.privateLinkServiceConnections": [
            [],
            None,
            [linked()],
            [linked("AMLWorkspace")],
            [linked("blob")],
            [linked("blob"), linked("amlworkspace")],
            [linked("blob", "amlworkspace")],
            [linked("amlworkspace", "amlworkspace")],
            [{"name": "c"}],
            [{"name": "c", "properties": {"groupIds": "amlworkspace"}}],
            "amlworkspace",
        ],
        "privateDnsZoneGroups": [[], [{"name": "default"}], [{"name": "a"}, {"name": "b"}]],
    },
    silent=NO_ZONE_GROUPS,
)

ENTRIES = (DIAGNOSTICS, TO_WORKSPACE, ZONES)
