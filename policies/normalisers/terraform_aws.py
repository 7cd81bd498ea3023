"""Types of Terraform's provider aws for SageMaker, in the shape of the Describe answers."""

from __future__ import annotations

from typing import Any

from policies.normalisers.rows import Row, map_rows, only_list, only_object, rows
from policies.normalisers.terraform_rows import Kind


def _isolation(value: Any) -> Any:
    """The managed networking of job definitions and schedules."""
    return map_rows(value[0], _NETWORK) if isinstance(value, list) and value else None


def _variants(value: Any) -> Any:
    table = rows(
        ("variant_name", "VariantName"),
        ("model_name", "ModelName"),
        ("instance_type", "InstanceType"),
        ("initial_instance_count", "InitialInstanceCount"),
        ("serverless_config.0.max_concurrency", "ServerlessConfig.MaxConcurrency"),
        ("serverless_config.0.memory_size_in_mb", "ServerlessConfig.MemorySizeInMB"),
    )
    return [map_rows(each, table) for each in value] if isinstance(value, list) else None


def _containers(value: Any) -> Any:
    return [map_rows(each, _CONTAINER) for each in value] if isinstance(value, list) else None


def _container(value: Any) -> Any:
    return map_rows(value[0], _CONTAINER) if isinstance(value, list) and value else None


_NETWORK = rows(
    ("enable_network_isolation", "EnableNetworkIsolation"),
    ("enable_inter_container_traffic_encryption", "EnableInterContainerTrafficEncryption"),
    ("vpc_config.0.subnets", "VpcConfig.Subnets", only_list),
    ("vpc_config.0.security_group_ids", "VpcConfig.SecurityGroupIds", only_list),
)
_CONTAINER = rows(
    ("image", "Image"),
    ("mode", "Mode"),
    ("model_data_url", "ModelDataUrl"),
    ("model_package_name", "ModelPackageName"),
)
_IDLE = "JupyterLabAppSettings.AppLifecycleManagement.IdleSettings"
_SETTINGS: tuple[Row, ...] = rows(
    ("default_user_settings.0.execution_role", "DefaultUserSettings.ExecutionRole"),
    ("default_user_settings.0.security_groups", "DefaultUserSettings.SecurityGroups", only_list),
    (
        "default_user_settings.0.sharing_settings.0.notebook_output_option",
        "DefaultUserSettings.SharingSettings.NotebookOutputOption",
    ),
    (
        "default_user_settings.0.sharing_settings.0.s3_kms_key_id",
        "DefaultUserSettings.SharingSettings.S3KmsKeyId",
    ),
    *(
        (
            "default_user_settings.0.jupyter_lab_app_settings.0.app_lifecycle_management.0"
            f".idle_settings.0.{source}",
            f"DefaultUserSettings.{_IDLE}.{target}",
        )
        for source, target in (
            ("lifecycle_management", "LifecycleManagement"),
            ("idle_timeout_in_minutes", "IdleTimeoutInMinutes"),
        )
    ),
)
AWS: dict[str, Kind] = {
    "aws_sagemaker_notebook_instance": Kind(
        "AWS::SageMaker::NotebookInstance",
        rows(
            ("name", "NotebookInstanceName"),
            ("role_arn", "RoleArn"),
            ("instance_type", "InstanceType"),
            ("direct_internet_access", "DirectInternetAccess"),
            ("root_access", "RootAccess"),
            ("kms_key_id", "KmsKeyId"),
            ("subnet_id", "SubnetId"),
            ("security_groups", "SecurityGroups", only_list),
            ("platform_identifier", "PlatformIdentifier"),
            ("volume_size", "VolumeSizeInGB"),
            ("lifecycle_config_name", "NotebookInstanceLifecycleConfigName"),
            (
                "instance_metadata_service_configuration.0"
                ".minimum_instance_metadata_service_version",
                "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion",
            ),
        ),
    ),
    "aws_sagemaker_model": Kind(
        "AWS::SageMaker::Model",
        rows(
            ("name", "ModelName"),
            ("execution_role_arn", "ExecutionRoleArn"),
            ("enable_network_isolation", "EnableNetworkIsolation"),
            ("vpc_config.0.subnets", "VpcConfig.Subnets", only_list),
            ("vpc_config.0.security_group_ids", "VpcConfig.SecurityGroupIds", only_list),
            ("primary_container", "PrimaryContainer", _container),
            ("container", "Containers", _containers),
        ),
    ),
    "aws_sagemaker_endpoint_configuration": Kind(
        "AWS::SageMaker::EndpointConfig",
        rows(
            ("name", "EndpointConfigName"),
            ("kms_key_arn", "KmsKeyId"),
            ("production_variants", "ProductionVariants", _variants),
            ("shadow_production_variants", "ShadowProductionVariants", _variants),
            ("data_capture_config.0.enable_capture", "DataCaptureConfig.EnableCapture"),
            (
                "data_capture_config.0.initial_sampling_percentage",
                "DataCaptureConfig.InitialSamplingPercentage",
            ),
            ("data_capture_config.0.destination_s3_uri", "DataCaptureConfig.DestinationS3Uri"),
            ("data_capture_config.0.kms_key_id", "DataCaptureConfig.KmsKeyId"),
            (
                "async_inference_config.0.output_config.0.kms_key_id",
                "AsyncInferenceConfig.OutputConfig.KmsKeyId",
            ),
        ),
    ),
    "aws_sagemaker_endpoint": Kind(
        "AWS::SageMaker::Endpoint",
        rows(("name", "EndpointName"), ("endpoint_config_name", "EndpointConfigName")),
    ),
    "aws_sagemaker_domain": Kind(
        "AWS::SageMaker::Domain",
        rows(
            ("domain_name", "DomainName"),
            ("auth_mode", "AuthMode"),
            ("vpc_id", "VpcId"),
            ("subnet_ids", "SubnetIds", only_list),
            ("app_network_access_type", "AppNetworkAccessType"),
            ("app_security_group_management", "AppSecurityGroupManagement"),
            ("kms_key_id", "KmsKeyId"),
        )
        + _SETTINGS,
    ),
    "aws_sagemaker_feature_group": Kind(
        "AWS::SageMaker::FeatureGroup",
        rows(
            ("feature_group_name", "FeatureGroupName"),
            ("role_arn", "RoleArn"),
            ("online_store_config.0.enable_online_store", "OnlineStoreConfig.EnableOnlineStore"),
            (
                "online_store_config.0.security_config.0.kms_key_id",
                "OnlineStoreConfig.SecurityConfig.KmsKeyId",
            ),
            (
                "offline_store_config.0.s3_storage_config.0.kms_key_id",
                "OfflineStoreConfig.S3StorageConfig.KmsKeyId",
            ),
            (
                "offline_store_config.0.s3_storage_config.0.s3_uri",
                "OfflineStoreConfig.S3StorageConfig.S3Uri",
            ),
        ),
    ),
    "aws_sagemaker_data_quality_job_definition": Kind(
        "AWS::SageMaker::DataQualityJobDefinition",
        rows(
            ("name", "JobDefinitionName"),
            ("role_arn", "RoleArn"),
            ("network_config", "NetworkConfig", _isolation),
            (
                "job_resources.0.cluster_config.0.volume_kms_key_id",
                "JobResources.ClusterConfig.VolumeKmsKeyId",
            ),
        ),
    ),
    "aws_sagemaker_monitoring_schedule": Kind(
        "AWS::SageMaker::MonitoringSchedule",
        rows(
            ("name", "MonitoringScheduleName"),
            (
                "monitoring_schedule_config.0.monitoring_job_definition_name",
                "MonitoringScheduleConfig.MonitoringJobDefinitionName",
            ),
            (
                "monitoring_schedule_config.0.monitoring_type",
                "MonitoringScheduleConfig.MonitoringType",
            ),
            (
                "monitoring_schedule_config.0.schedule_config.0.schedule_expression",
                "MonitoringScheduleConfig.ScheduleConfig.ScheduleExpression",
            ),
        ),
    ),
    "aws_sagemaker_user_profile": Kind(
        "AWS::SageMaker::UserProfile",
        rows(
            ("user_profile_name", "UserProfileName"),
            ("domain_id", "DomainId"),
            ("user_settings.0.execution_role", "UserSettings.ExecutionRole"),
            ("user_settings.0.security_groups", "UserSettings.SecurityGroups", only_list),
        ),
    ),
    "aws_sagemaker_mlflow_tracking_server": Kind(
        "AWS::SageMaker::MlflowTrackingServer",
        rows(
            ("tracking_server_name", "TrackingServerName"),
            ("role_arn", "RoleArn"),
            ("artifact_store_uri", "ArtifactStoreUri"),
            ("mlflow_version", "MlflowVersion"),
        ),
    ),
}


def _tags(value: Any) -> Any:
    if not only_object(value):
        return None
    return [{"Key": key, "Value": each} for key, each in value.items()]


# Tags are no part of what Describe answers; they stand beside it as CloudFormation has them. Where
# the provider has tags of its own for every resource, they are in `tags_all`.
AWS = {
    name: Kind(kind.type, (*kind.rows, *rows(("tags", "Tags", _tags), ("tags_all", "Tags", _tags))))
    for name, kind in AWS.items()
}
