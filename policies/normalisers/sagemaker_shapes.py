"""What SageMaker's Describe calls answer, and what of it a template cannot say.

Source: the service model in botocore (the members of each Describe answer) and the schemas of
CloudFormation's resource types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """The members of an answer, between spaces. `not_in_templates` are those that CloudFormation
    has no property for; None where it has no such type."""

    members: str
    not_in_templates: str | None

    @property
    def told(self) -> tuple[str, ...]:
        """The members of an answer."""
        return tuple(self.members.split())

    @property
    def untold(self) -> tuple[str, ...]:
        """The members that no template tells."""
        return tuple((self.not_in_templates or "").split())


PREFIX = "AWS::SageMaker::"
SHAPES: Mapping[str, Shape] = {
    "AWS::SageMaker::NotebookInstance": Shape(
        "AcceleratorTypes AdditionalCodeRepositories CreationTime DefaultCodeRepository "
        "DirectInternetAccess FailureReason InstanceMetadataServiceConfiguration InstanceType "
        "IpAddressType KmsKeyId LastModifiedTime NetworkInterfaceId NotebookInstanceArn "
        "NotebookInstanceLifecycleConfigName NotebookInstanceName NotebookInstanceStatus "
        "PlatformIdentifier RoleArn RootAccess SecurityGroups SubnetId Url VolumeSizeInGB",
        not_in_templates=(
            "CreationTime FailureReason IpAddressType LastModifiedTime NetworkInterfaceId "
            "NotebookInstanceStatus Url"
        ),
    ),
    "AWS::SageMaker::Domain": Shape(
        "AppNetworkAccessType AppSecurityGroupManagement AuthMode CreationTime "
        "DefaultSpaceSettings DefaultUserSettings DomainArn DomainId DomainName DomainSettings "
        "FailureReason HomeEfsFileSystemCreation HomeEfsFileSystemId HomeEfsFileSystemKmsKeyId "
        "KmsKeyId LastModifiedTime SecurityGroupIdForDomainBoundary SingleSignOnApplicationArn "
        "SingleSignOnManagedApplicationInstanceId Status SubnetIds TagPropagation Url VpcId",
        not_in_templates=(
            "CreationTime FailureReason HomeEfsFileSystemKmsKeyId LastModifiedTime Status"
        ),
    ),
    "AWS::SageMaker::EndpointConfig": Shape(
        "AsyncInferenceConfig CreationTime CrossRegionTrafficConfig DataCaptureConfig "
        "EnableNetworkIsolation EndpointConfigArn EndpointConfigName ExecutionRoleArn "
        "ExplainerConfig KmsKeyId MetricsConfig ProductionVariants ShadowProductionVariants "
        "VpcConfig",
        not_in_templates=("CreationTime CrossRegionTrafficConfig"),
    ),
    "AWS::SageMaker::Endpoint": Shape(
        "AsyncInferenceConfig CreationTime CrossRegionTrafficConfig DataCaptureConfig "
        "EndpointArn EndpointConfigName EndpointName EndpointStatus ExplainerConfig "
        "FailureReason LastDeploymentConfig LastModifiedTime MetricsConfig "
        "PendingDeploymentSummary ProductionVariants ShadowProductionVariants",
        not_in_templates=(
            "AsyncInferenceConfig CreationTime CrossRegionTrafficConfig DataCaptureConfig "
            "EndpointStatus ExplainerConfig FailureReason LastDeploymentConfig LastModifiedTime "
            "MetricsConfig PendingDeploymentSummary ProductionVariants ShadowProductionVariants"
        ),
    ),
    "AWS::SageMaker::Model": Shape(
        "Containers CreationTime DeploymentRecommendation EnableNetworkIsolation "
        "ExecutionRoleArn InferenceExecutionConfig ModelArn ModelName PrimaryContainer "
        "VpcConfig",
        not_in_templates=("CreationTime DeploymentRecommendation"),
    ),
    "AWS::SageMaker::TrainingJob": Shape(
        "AlgorithmSpecification AutoMLJobArn BillableTimeInSeconds BillableTokenCount "
        "CheckpointConfig CreationTime DebugHookConfig DebugRuleConfigurations "
        "DebugRuleEvaluationStatuses EnableInterContainerTrafficEncryption "
        "EnableManagedSpotTraining EnableNetworkIsolation Environment ExperimentConfig "
        "FailureReason FinalMetricDataList HyperParameters InfraCheckConfig InputDataConfig "
        "LabelingJobArn LastModifiedTime MlflowConfig MlflowDetails ModelArtifacts "
        "ModelPackageConfig OutputDataConfig OutputModelPackageArn ProfilerConfig "
        "ProfilerRuleConfigurations ProfilerRuleEvaluationStatuses ProfilingStatus ProgressInfo "
        "RemoteDebugConfig ResourceConfig RetryStrategy RoleArn SecondaryStatus "
        "SecondaryStatusTransitions ServerlessJobConfig StoppingCondition "
        "TensorBoardOutputConfig TrainingEndTime TrainingJobArn TrainingJobName "
        "TrainingJobStatus TrainingStartTime TrainingTimeInSeconds TuningJobArn VpcConfig "
        "WarmPoolStatus",
        not_in_templates=None,
    ),
    "AWS::SageMaker::ProcessingJob": Shape(
        "AppSpecification AutoMLJobArn CreationTime Environment ExitMessage ExperimentConfig "
        "FailureReason LastModifiedTime MonitoringScheduleArn NetworkConfig ProcessingEndTime "
        "ProcessingInputs ProcessingJobArn ProcessingJobName ProcessingJobStatus "
        "ProcessingOutputConfig ProcessingResources ProcessingStartTime RoleArn "
        "StoppingCondition TrainingJobArn",
        not_in_templates="",
    ),
    "AWS::SageMaker::UserProfile": Shape(
        "CreationTime DomainId FailureReason HomeEfsFileSystemUid LastModifiedTime "
        "SingleSignOnUserIdentifier SingleSignOnUserValue Status UserProfileArn UserProfileName "
        "UserSettings",
        not_in_templates=(
            "CreationTime FailureReason HomeEfsFileSystemUid LastModifiedTime Status"
        ),
    ),
    "AWS::SageMaker::ModelPackage": Shape(
        "AdditionalInferenceSpecifications ApprovalDescription CertifyForMarketplace CreatedBy "
        "CreationTime CustomerMetadataProperties Domain DriftCheckBaselines "
        "InferenceSpecification LastModifiedBy LastModifiedTime ManagedStorageType "
        "MetadataProperties ModelApprovalStatus ModelCard ModelLifeCycle ModelMetrics "
        "ModelPackageArn ModelPackageDescription ModelPackageGroupName ModelPackageName "
        "ModelPackageRegistrationType ModelPackageStatus ModelPackageStatusDetails "
        "ModelPackageVersion SamplePayloadUrl SecurityConfig SkipModelValidation "
        "SourceAlgorithmSpecification SourceUri Task ValidationSpecification",
        not_in_templates=(
            "CreatedBy LastModifiedBy ManagedStorageType ModelLifeCycle "
            "ModelPackageRegistrationType"
        ),
    ),
    "AWS::SageMaker::MonitoringSchedule": Shape(
        "CreationTime EndpointName FailureReason LastModifiedTime "
        "LastMonitoringExecutionSummary MonitoringScheduleArn MonitoringScheduleConfig "
        "MonitoringScheduleName MonitoringScheduleStatus MonitoringType",
        not_in_templates=("MonitoringType"),
    ),
    "AWS::SageMaker::DataQualityJobDefinition": Shape(
        "CreationTime DataQualityAppSpecification DataQualityBaselineConfig DataQualityJobInput "
        "DataQualityJobOutputConfig JobDefinitionArn JobDefinitionName JobResources "
        "NetworkConfig RoleArn StoppingCondition",
        not_in_templates="",
    ),
    "AWS::SageMaker::ModelQualityJobDefinition": Shape(
        "CreationTime JobDefinitionArn JobDefinitionName JobResources "
        "ModelQualityAppSpecification ModelQualityBaselineConfig ModelQualityJobInput "
        "ModelQualityJobOutputConfig NetworkConfig RoleArn StoppingCondition",
        not_in_templates="",
    ),
    "AWS::SageMaker::ModelBiasJobDefinition": Shape(
        "CreationTime JobDefinitionArn JobDefinitionName JobResources ModelBiasAppSpecification "
        "ModelBiasBaselineConfig ModelBiasJobInput ModelBiasJobOutputConfig NetworkConfig "
        "RoleArn StoppingCondition",
        not_in_templates="",
    ),
    "AWS::SageMaker::ModelExplainabilityJobDefinition": Shape(
        "CreationTime JobDefinitionArn JobDefinitionName JobResources "
        "ModelExplainabilityAppSpecification ModelExplainabilityBaselineConfig "
        "ModelExplainabilityJobInput ModelExplainabilityJobOutputConfig NetworkConfig RoleArn "
        "StoppingCondition",
        not_in_templates="",
    ),
    "AWS::SageMaker::FeatureGroup": Shape(
        "CreationTime Description EventTimeFeatureName FailureReason FeatureDefinitions "
        "FeatureGroupArn FeatureGroupName FeatureGroupStatus LastModifiedTime LastUpdateStatus "
        "NextToken OfflineStoreConfig OfflineStoreStatus OnlineStoreConfig "
        "OnlineStoreTotalSizeBytes RecordIdentifierFeatureName RoleArn ThroughputConfig",
        not_in_templates=(
            "FailureReason FeatureGroupArn LastModifiedTime LastUpdateStatus NextToken "
            "OfflineStoreStatus OnlineStoreTotalSizeBytes"
        ),
    ),
    "AWS::SageMaker::InferenceComponent": Shape(
        "CreationTime EndpointArn EndpointName FailureReason InferenceComponentArn "
        "InferenceComponentName InferenceComponentStatus LastDeploymentConfig LastModifiedTime "
        "RuntimeConfig Specification Specifications VariantName",
        not_in_templates=("LastDeploymentConfig"),
    ),
    "AWS::SageMaker::MlflowTrackingServer": Shape(
        "ArtifactStoreUri AutomaticModelRegistration CreatedBy CreationTime IsActive "
        "LastModifiedBy LastModifiedTime MlflowVersion RoleArn S3BucketOwnerAccountId "
        "S3BucketOwnerVerification TrackingServerArn TrackingServerMaintenanceStatus "
        "TrackingServerName TrackingServerSize TrackingServerStatus TrackingServerUrl "
        "WeeklyMaintenanceWindowStart",
        not_in_templates=(
            "CreatedBy CreationTime IsActive LastModifiedBy LastModifiedTime "
            "S3BucketOwnerAccountId S3BucketOwnerVerification "
            "TrackingServerMaintenanceStatus TrackingServerStatus TrackingServerUrl"
        ),
    ),
    "AWS::SageMaker::TransformJob": Shape(
        "AutoMLJobArn BatchStrategy CreationTime DataCaptureConfig DataProcessing Environment "
        "ExperimentConfig FailureReason LabelingJobArn MaxConcurrentTransforms MaxPayloadInMB "
        "ModelClientConfig ModelName TransformEndTime TransformInput TransformJobArn "
        "TransformJobName TransformJobStatus TransformOutput TransformResources "
        "TransformStartTime",
        not_in_templates=None,
    ),
    "AWS::SageMaker::Space": Shape(
        "CreationTime DomainId FailureReason HomeEfsFileSystemUid LastModifiedTime "
        "OwnershipSettings SpaceArn SpaceDisplayName SpaceName SpaceSettings "
        "SpaceSharingSettings Status Url",
        not_in_templates=(
            "CreationTime FailureReason HomeEfsFileSystemUid LastModifiedTime Status"
        ),
    ),
    "AWS::SageMaker::App": Shape(
        "AppArn AppName AppType BuiltInLifecycleConfigArn CreationTime DomainId "
        "EffectiveTrustedIdentityPropagationStatus FailureReason LastHealthCheckTimestamp "
        "LastUserActivityTimestamp RecoveryMode ResourceSpec SpaceName Status UserProfileName",
        not_in_templates=(
            "CreationTime EffectiveTrustedIdentityPropagationStatus FailureReason "
            "LastHealthCheckTimestamp LastUserActivityTimestamp SpaceName Status"
        ),
    ),
    "AWS::SageMaker::Cluster": Shape(
        "AutoScaling ClusterArn ClusterName ClusterRole ClusterStatus CreationTime "
        "FailureMessage InstanceGroups NodeProvisioningMode NodeRecovery Orchestrator "
        "RestrictedInstanceGroups RestrictedInstanceGroupsConfig TieredStorageConfig VpcConfig",
        not_in_templates="",
    ),
    "AWS::SageMaker::Pipeline": Shape(
        "CreatedBy CreationTime LastModifiedBy LastModifiedTime LastRunTime "
        "ParallelismConfiguration PipelineArn PipelineDefinition PipelineDescription "
        "PipelineDisplayName PipelineName PipelineStatus PipelineVersionAliases "
        "PipelineVersionDescription PipelineVersionDisplayName RoleArn",
        not_in_templates=(
            "CreatedBy CreationTime LastModifiedBy LastModifiedTime LastRunTime PipelineArn "
            "PipelineStatus PipelineVersionAliases PipelineVersionDescription "
            "PipelineVersionDisplayName"
        ),
    ),
}
# What properties of CloudFormation are called in the answers.
RENAMED: Mapping[str, Mapping[str, str]] = {
    "AWS::SageMaker::NotebookInstance": {
        "LifecycleConfigName": "NotebookInstanceLifecycleConfigName",
        "SecurityGroupIds": "SecurityGroups",
    },
}


def shape_of(resource_type: str) -> Shape | None:
    """The shape of a type, whatever the case of its name."""
    wanted = resource_type.casefold()
    return next((shape for name, shape in SHAPES.items() if name.casefold() == wanted), None)
