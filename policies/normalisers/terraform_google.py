"""Types of Terraform's provider google for Vertex AI, in the shape of its REST resources."""

from __future__ import annotations

from policies.normalisers.rows import only_list, only_object, rows
from policies.normalisers.terraform_rows import Kind

_COMMON = rows(
    ("display_name", "displayName"),
    ("description", "description"),
    ("labels", "labels", only_object),
)
_KEY = rows(("encryption_spec.0.kms_key_name", "encryptionSpec.kmsKeyName"))
_PRIVATE = rows(
    (
        "private_service_connect_config.0.enable_private_service_connect",
        "privateServiceConnectConfig.enablePrivateServiceConnect",
    ),
    (
        "private_service_connect_config.0.project_allowlist",
        "privateServiceConnectConfig.projectAllowlist",
        only_list,
    ),
)
_VERTEX = "aiplatform.googleapis.com"
GOOGLE: dict[str, Kind] = {
    "google_vertex_ai_endpoint": Kind(
        f"{_VERTEX}/Endpoint",
        _COMMON
        + _KEY
        + _PRIVATE
        + rows(("network", "network"), ("dedicated_endpoint_enabled", "dedicatedEndpointEnabled")),
    ),
    "google_vertex_ai_index_endpoint": Kind(
        f"{_VERTEX}/IndexEndpoint",
        _COMMON
        + _KEY
        + _PRIVATE
        + rows(("network", "network"), ("public_endpoint_enabled", "publicEndpointEnabled")),
    ),
    "google_vertex_ai_index": Kind(f"{_VERTEX}/Index", _COMMON + _KEY),
    "google_vertex_ai_dataset": Kind(
        f"{_VERTEX}/Dataset",
        _COMMON + _KEY + rows(("metadata_schema_uri", "metadataSchemaUri")),
    ),
    "google_vertex_ai_tensorboard": Kind(f"{_VERTEX}/Tensorboard", _COMMON + _KEY),
    "google_vertex_ai_metadata_store": Kind(
        f"{_VERTEX}/MetadataStore", rows(("description", "description")) + _KEY
    ),
    "google_vertex_ai_featurestore": Kind(
        f"{_VERTEX}/Featurestore", rows(("labels", "labels", only_object)) + _KEY
    ),
    "google_vertex_ai_feature_online_store": Kind(
        f"{_VERTEX}/FeatureOnlineStore",
        rows(
            ("labels", "labels", only_object),
            (
                "dedicated_serving_endpoint.0.private_service_connect_config.0"
                ".enable_private_service_connect",
                "dedicatedServingEndpoint.privateServiceConnectConfig.enablePrivateServiceConnect",
            ),
        )
        + _KEY,
    ),
    "google_colab_runtime_template": Kind(
        f"{_VERTEX}/NotebookRuntimeTemplate",
        _COMMON
        + _KEY
        + rows(
            (
                "network_spec.0.enable_internet_access",
                "networkSpec.enableInternetAccess",
            ),
            ("network_spec.0.network", "networkSpec.network"),
            ("network_spec.0.subnetwork", "networkSpec.subnetwork"),
            ("idle_shutdown_config.0.idle_timeout", "idleShutdownConfig.idleTimeout"),
            (
                "shielded_vm_config.0.enable_secure_boot",
                "shieldedVmConfig.enableSecureBoot",
            ),
            ("euc_config.0.euc_disabled", "eucConfig.eucDisabled"),
        ),
    ),
    "google_workbench_instance": Kind(
        "notebooks.googleapis.com/Instance",
        rows(
            ("labels", "labels", only_object),
            ("disable_proxy_access", "disableProxyAccess"),
            ("gce_setup.0.disable_public_ip", "gceSetup.disablePublicIp"),
            ("gce_setup.0.metadata", "gceSetup.metadata", only_object),
            ("gce_setup.0.boot_disk.0.disk_encryption", "gceSetup.bootDisk.diskEncryption"),
            ("gce_setup.0.boot_disk.0.kms_key", "gceSetup.bootDisk.kmsKey"),
            (
                "gce_setup.0.shielded_instance_config.0.enable_secure_boot",
                "gceSetup.shieldedInstanceConfig.enableSecureBoot",
            ),
        ),
    ),
}
