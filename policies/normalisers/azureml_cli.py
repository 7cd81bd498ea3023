"""Files of ``az ml``: workspaces, computes, online endpoints and their deployments.

Source: the schemas of Azure's SDK for Python (azure-ai-ml) and how it turns them into requests.
Which of the four a file is follows from its ``$schema``, or from what stands in it. What the
command itself fills in when a line is missing is not in the file, and so it is not told.
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
    mapping,
    put,
    text,
)
from policies.normalisers.rows import (
    Row,
    enabled,
    identity_ids,
    identity_words,
    map_rows,
    minutes,
    negated,
    only_object,
    pascal,
    reach_of,
    rows,
    seconds,
)

WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
COMPUTE = f"{WORKSPACE}/computes"
ENDPOINT = f"{WORKSPACE}/onlineEndpoints"
DEPLOYMENT = f"{ENDPOINT}/deployments"


def _is_there(value: Any) -> Any:
    """What a block says by standing there."""
    return "Enabled" if value else None


def _takes_accounts(value: Any) -> Any:
    return False if value else None


def _rules(value: Any) -> Any:
    """Outbound rules by their names, as the platform keys them."""
    if not isinstance(value, list):
        return None
    found = {}
    for each in value:
        if isinstance(each, dict) and isinstance(each.get("name"), str):
            told = {name: inner for name, inner in each.items() if name != "name"}
            found[each["name"]] = told | (
                {"type": pascal(told["type"])} if isinstance(told.get("type"), str) else {}
            )
    return found


def _asset(value: Any) -> Any:
    """The id of a model; one that is written out in the file has none."""
    return value if isinstance(value, str) else None


_COMMON = rows(
    ("tags", "tags", only_object),
    ("location", "location"),
    ("identity.type", "identity.type", identity_words),
    ("identity.user_assigned_identities", "identity.userAssignedIdentities", identity_ids),
)
_WORKSPACE = _COMMON + rows(
    ("description", "properties.description"),
    ("display_name", "properties.friendlyName"),
    ("hbi_workspace", "properties.hbiWorkspace"),
    ("storage_account", "properties.storageAccount"),
    ("container_registry", "properties.containerRegistry"),
    ("key_vault", "properties.keyVault"),
    ("application_insights", "properties.applicationInsights"),
    ("image_build_compute", "properties.imageBuildCompute"),
    ("public_network_access", "properties.publicNetworkAccess", pascal),
    ("network_acls.default_action", "properties.networkAcls.defaultAction", pascal),
    ("network_acls.ip_rules", "properties.networkAcls.ipRules"),
    ("system_datastores_auth_mode", "properties.systemDatastoresAuthMode"),
    ("primary_user_assigned_identity", "properties.primaryUserAssignedIdentity"),
    ("workspace_hub", "properties.hubResourceId"),
    ("managed_network.isolation_mode", "properties.managedNetwork.isolationMode", pascal),
    ("managed_network.firewall_sku", "properties.managedNetwork.firewallSku"),
    ("managed_network.outbound_rules", "properties.managedNetwork.outboundRules", _rules),
    ("provision_network_now", "properties.provisionNetworkNow"),
    ("enable_data_isolation", "properties.enableDataIsolation"),
    ("customer_managed_key", "properties.encryption.status", _is_there),
    ("customer_managed_key.key_vault", "properties.encryption.keyVaultProperties.keyVaultArmId"),
    ("customer_managed_key.key_uri", "properties.encryption.keyVaultProperties.keyIdentifier"),
    (
        "serverless_compute.custom_subnet",
        "properties.serverlessComputeSettings.serverlessComputeCustomSubnet",
    ),
    (
        "serverless_compute.no_public_ip",
        "properties.serverlessComputeSettings.serverlessComputeNoPublicIP",
    ),
)
_INSIDE = "properties.properties"
_COMPUTE = _COMMON + rows(
    ("description", "properties.description"),
    ("size", f"{_INSIDE}.vmSize"),
    ("tier", f"{_INSIDE}.vmPriority", pascal),
    ("network_settings.subnet", f"{_INSIDE}.subnet.id"),
    ("enable_node_public_ip", f"{_INSIDE}.enableNodePublicIp"),
)
_INSTANCE = _COMPUTE + rows(
    ("ssh_public_access_enabled", "properties.disableLocalAuth", negated),
    ("ssh_public_access_enabled", f"{_INSIDE}.sshSettings.sshPublicAccess", enabled),
    ("idle_time_before_shutdown", f"{_INSIDE}.idleTimeBeforeShutdown"),
    ("idle_time_before_shutdown_minutes", f"{_INSIDE}.idleTimeBeforeShutdown", minutes),
    ("enable_sso", f"{_INSIDE}.enableSSO"),
    ("enable_root_access", f"{_INSIDE}.enableRootAccess"),
    ("enable_os_patching", f"{_INSIDE}.enableOSPatching"),
    ("release_quota_on_stop", f"{_INSIDE}.releaseQuotaOnStop"),
)
_CLUSTER = _COMPUTE + rows(
    ("ssh_settings", "properties.disableLocalAuth", _takes_accounts),
    ("ssh_public_access_enabled", f"{_INSIDE}.remoteLoginPortPublicAccess", enabled),
    ("min_instances", f"{_INSIDE}.scaleSettings.minNodeCount"),
    ("max_instances", f"{_INSIDE}.scaleSettings.maxNodeCount"),
    (
        "idle_time_before_scale_down",
        f"{_INSIDE}.scaleSettings.nodeIdleTimeBeforeScaleDown",
        seconds,
    ),
)
_ENDPOINT = _COMMON + rows(
    ("description", "properties.description"),
    ("auth_mode", "properties.authMode"),
    ("public_network_access", "properties.publicNetworkAccess", pascal),
    ("traffic", "properties.traffic", only_object),
    ("mirror_traffic", "properties.mirrorTraffic", only_object),
)
_DEPLOYMENT = rows(
    ("tags", "tags", only_object),
    ("type", "properties.endpointComputeType", pascal),
    ("description", "properties.description"),
    ("model", "properties.model", _asset),
    ("environment", "properties.environmentId", _asset),
    ("model_mount_path", "properties.modelMountPath"),
    ("instance_type", "properties.instanceType"),
    ("instance_count", "sku.capacity"),
    ("app_insights_enabled", "properties.appInsightsEnabled"),
    (
        "egress_public_network_access",
        "properties.egressPublicNetworkAccess",
        pascal,
    ),
    ("data_collector.collections", "properties.dataCollector.collections", only_object),
)
TABLES: dict[str, tuple[Row, ...]] = {
    WORKSPACE: _WORKSPACE,
    COMPUTE: tuple(dict.fromkeys(_INSTANCE + _CLUSTER)),
    ENDPOINT: _ENDPOINT,
    DEPLOYMENT: _DEPLOYMENT,
}
_INSTANCE_WORD = "computeinstance"
_COMPUTE_WORDS = {_INSTANCE_WORD: "ComputeInstance", "amlcompute": "AmlCompute"}
# Words in the address of a file's schema, the longest first.
_SCHEMAS = (
    ("onlinedeployment", DEPLOYMENT),
    ("onlineendpoint", ENDPOINT),
    ("compute", COMPUTE),
    ("workspace", WORKSPACE),
    ("hub", WORKSPACE),
    ("project", WORKSPACE),
)


class AzureMlCli:
    """YAML files of ``az ml``."""

    name = "azureml-cli"
    title = "az ml file"
    provenance = DECLARED

    def read(self, document: Any, hints: Hints) -> Iterator[Draft]:
        """The one resource of a file."""
        told = mapping(document, "")
        kind = _kind(told, hints)
        name = text(told.get("name"), "name")
        body = map_rows(told, _computes(told) if kind == COMPUTE else TABLES[kind])
        if kind == COMPUTE:
            word = text(told.get("type"), "type")
            put(body, "properties.computeType", _COMPUTE_WORDS.get(word.casefold(), word))
        if kind == WORKSPACE and (stands_for := _workspace_kind(told)):
            body["kind"] = stands_for
        if kind == DEPLOYMENT:
            name = f"{text(told.get('endpoint_name'), 'endpoint_name')}/{name}"
        yield Draft(kind, hints.external_id or name, {"name": name, "type": kind, **body})

    def reach(self, resource_type: str) -> Reach | None:
        """A file can set what its schema has, and no more."""
        for kind, table in TABLES.items():
            if kind.casefold() == resource_type.casefold():
                also = ("properties.computeType",) if kind == COMPUTE else ("name",)
                return _reach(table, also)
        return None


def _reach(table: tuple[Row, ...], also: tuple[str, ...]) -> Reach:
    # What the command fills in by itself where the file is silent.
    filled_in = ("properties.disableLocalAuth", "identity.type", "properties.encryption.status")
    told = reach_of([row for row in table if row.target not in filled_in[:2]], *also)
    return Reach(told=told.told, untold=("", *filled_in[:2]))


def _computes(told: dict[str, Any]) -> tuple[Row, ...]:
    is_instance = str(told.get("type", "")).casefold() == _INSTANCE_WORD
    return _INSTANCE if is_instance else _CLUSTER


def _kind(told: dict[str, Any], hints: Hints) -> str:
    """Which type the file is of: as its schema says, or the submitter, or by what is in it."""
    for kind in TABLES:
        if hints.type.casefold() == kind.casefold():
            return kind
    schema = str(told.get("$schema", "")).casefold()
    for word, kind in _SCHEMAS:
        if word in schema:
            return kind
    return _kind_by_content(told)


def _kind_by_content(told: dict[str, Any]) -> str:
    if "endpoint_name" in told:
        return DEPLOYMENT
    if "auth_mode" in told or "traffic" in told:
        return ENDPOINT
    if str(told.get("type", "")).casefold() in _COMPUTE_WORDS:
        return COMPUTE
    if not told.keys().isdisjoint(row.source.partition(".")[0] for row in _WORKSPACE):
        return WORKSPACE
    known = ", ".join(TABLES)
    raise NormalisationError(f"neither $schema nor a hint tells the type; one of {known}")


def _workspace_kind(told: dict[str, Any]) -> str:
    schema = str(told.get("$schema", "")).casefold()
    if "hub" in schema:
        return "Hub"
    return "Project" if "project" in schema or "workspace_hub" in told else ""
