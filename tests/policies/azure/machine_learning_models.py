"""Cases for the definitions about models that Azure Machine Learning deploys."""

from __future__ import annotations

from typing import Any

from tests.policies.azure.cases import Entry, Parameters

DEPLOYMENT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"
NO_PUBLISHER = {"properties.model.publisher": "an asset id alone does not name its publisher"}
ASSET = "azureml://registries/azureml/models/Phi-4/versions/7"
OTHER = "azureml://registries/azureml-meta/models/Llama-3/versions/2"
OWN = "/subscriptions/3f1c2a44/resourceGroups/assist/x/workspaces/assist-prod/models/intent/1"


def model(asset: object, registry: object = None, publisher: object = None) -> dict[str, Any]:
    told = {"assetId": asset, "registryName": registry, "publisher": publisher}
    return {name: value for name, value in told.items() if value is not None}


MODELS: list[Any] = [
    ASSET,
    ASSET.upper(),
    OTHER,
    OWN,
    "azureml:intent:1",
    "",
    None,
    7,
    [],
    {},
    model(ASSET, "azureml", "Microsoft"),
    model(ASSET, "azureml", "MICROSOFT"),
    model(ASSET, "azureml", ""),
    model(OTHER, "azureml-meta", "Meta"),
    model(OTHER, "azureml-meta"),
    model(OTHER),
    model(OWN, None, "Contoso"),
    model(None, "azureml", "Microsoft"),
    model(7, "azureml", "Meta"),
]
APPROVED = Entry(
    file="Machine Learning/AllowDeployRegistryModels_Audit.json",
    rule="azure_ml.registry_model_approved",
    type=DEPLOYMENT,
    base={"name": "blue", "properties": {"model": model(ASSET, "azureml", "Microsoft")}},
    values={"properties.model": MODELS, "properties.scaleSettings": [{"scaleType": "Default"}]},
    parameters=(
        Parameters(
            azure={"allowedPublishers": ["microsoft"]}, ours={"allowed_publishers": ["microsoft"]}
        ),
        Parameters(
            azure={"allowedAssetIds": [OTHER, "registries/azureml/models/phi"]},
            ours={"allowed_asset_ids": [OTHER, "registries/azureml/models/phi"]},
        ),
        Parameters(
            azure={"allowedPublishers": ["Meta"], "allowedAssetIds": ["Phi"]},
            ours={"allowed_publishers": ["Meta"], "allowed_asset_ids": ["Phi"]},
        ),
        Parameters(),
    ),
    silent=NO_PUBLISHER,
)
ALLOWED = Entry(
    file="Machine Learning/OnlyDeployAllowedRegistryModels_Deny.json",
    rule="azure_ml.registry_model_allowed",
    type=DEPLOYMENT,
    base={"name": "blue", "properties": {"model": ASSET}},
    values={"properties.model": MODELS, "properties.scaleSettings": [{"scaleType": "Default"}]},
    parameters=(
        Parameters(
            azure={"effect": "Deny", "allowedRegistryName": "AzureML"},
            ours={"allowed_registry": "AzureML"},
        ),
        Parameters(azure={"effect": "Deny"}),
        Parameters(
            azure={
                "effect": "Deny",
                "allowedRegistryName": "azureml-meta",
                "restrictedModels": [OTHER, OWN.upper()],
            },
            ours={"allowed_registry": "azureml-meta", "restricted_models": [OTHER, OWN.upper()]},
        ),
    ),
)

ENTRIES = (APPROVED, ALLOWED)
