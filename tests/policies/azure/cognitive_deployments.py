"""Cases for the definitions of Cognitive Services that judge deployments of models."""

from __future__ import annotations

from typing import Any

from tests.policies.azure.ai_services import ACCOUNT
from tests.policies.azure.cases import Entry, Parameters, booleans, texts

DEPLOYMENT = f"{ACCOUNT}/deployments"
PHI = "azureml://registries/azureml/models/Phi-4/versions/7"
NAMED_ONLY = {
    "properties.raiPolicy": "the name of a content filter does not tell what is in it",
}


def deployment(**policy: Any) -> dict[str, Any]:
    return {
        "name": "chat",
        "properties": {
            "model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
            "raiPolicyName": "assist",
            "raiPolicy": {"name": "assist", **policy},
        },
    }


def content_filter(name: object, source: object, **more: object) -> dict[str, Any]:
    known = {"enabled": True, "blocking": True, "severityThreshold": "Medium"}
    return {"name": name, "source": source, **known, **more}


def filters(*names: str, side: str, other: str) -> list[Any]:
    """Lists of filters: none, one of each name and side, and what is no list of filters."""
    first, last = names[0], names[-1]
    ours = content_filter(first, side)
    return [
        [],
        None,
        {},
        "filters",
        [{}],
        ["filter"],
        *([content_filter(name, side)] for name in names),
        [content_filter(first.upper(), side.upper())],
        [content_filter(first, other)],
        [content_filter(first, None)],
        [content_filter(None, side)],
        [content_filter(first, side, enabled=False)],
        [content_filter(first, side, blocking=False)],
        [content_filter(first, side, enabled="True", blocking="true")],
        [content_filter(first, side, enabled=None)],
        [content_filter(first, side, blocking=False), ours],
        [content_filter(last, side), ours],
        [ours, content_filter(first, other)],
        {"filter": ours},
    ]


def _side_filter(file: str, rule: str, side: str, names: tuple[str, ...]) -> Entry:
    word = side.lower()
    both: list[Any] = [True, False]
    return Entry(
        file=f"Cognitive Services/{file}.json",
        rule=f"azure_ai.{rule}",
        type=DEPLOYMENT,
        base=deployment(contentFilters=[content_filter(names[0], side)]),
        values={
            "properties.raiPolicy.contentFilters": filters(
                *names, side=side, other="Completion" if side == "Prompt" else "Prompt"
            ),
            "properties.raiPolicy.contentFilters.0.enabled": booleans(),
            "properties.raiPolicy.contentFilters.0.blocking": booleans(),
            "properties.raiPolicy": [{}, "assist", []],
            "properties.raiPolicyName": ["Microsoft.DefaultV2", None],
        },
        parameters=(
            *(
                Parameters(azure={"filterName": name}, ours={"filter_names": [name]})
                for name in names
            ),
            Parameters(
                azure={
                    "filterName": names[0],
                    f"allowedEnabledFor{side}": ["true", "false"],
                    f"allowedBlockingFor{side}": ["false"],
                },
                ours={
                    "filter_names": [names[0]],
                    f"allowed_enabled_for_{word}": both,
                    f"allowed_blocking_for_{word}": [False],
                },
            ),
        ),
        silent=NAMED_ONLY,
    )


def _sides(**second: object) -> list[dict[str, Any]]:
    return [content_filter("Hate", "Prompt"), content_filter("Hate", "Completion", **second)]


SEVERITY = Entry(
    file="Cognitive Services/AllowDeploymentMultiSeverityControl_Audit.json",
    rule="azure_ai.deployment_severity_filter",
    type=DEPLOYMENT,
    base=deployment(contentFilters=_sides()),
    values={
        "properties.raiPolicy.contentFilters": [
            *filters("Hate", "Sexual", side="Prompt", other="Completion"),
            _sides(),
            _sides(severityThreshold="Low"),
            _sides(severityThreshold="HIGH"),
            _sides(severityThreshold=None),
            _sides(enabled=False),
            [content_filter("Sexual", side) for side in ("Prompt", "Completion")],
        ],
        "properties.raiPolicy.contentFilters.0.severityThreshold": texts("Low", "Medium", "High"),
        "properties.raiPolicy.contentFilters.1.blocking": booleans(),
        "properties.raiPolicy": [{}, "assist", []],
    },
    parameters=(
        Parameters(azure={"filterName": "Hate"}, ours={"filter_names": ["Hate"]}),
        Parameters(azure={"filterName": "Sexual"}, ours={"filter_names": ["Sexual"]}),
        Parameters(
            azure={
                "filterName": "Hate",
                "allowedSeveritiesForPrompt": ["Low"],
                "allowedEnabledForPrompt": ["true", "false"],
                "allowedSeveritiesForCompletion": ["Low", "High"],
                "allowedBlockingForCompletion": ["false"],
            },
            ours={
                "filter_names": ["Hate"],
                "allowed_severities_for_prompt": ["Low"],
                "allowed_enabled_for_prompt": [True, False],
                "allowed_severities_for_completion": ["Low", "High"],
                "allowed_blocking_for_completion": [False],
            },
        ),
    ),
    silent=NAMED_ONLY,
)

CONTROL_MODE = Entry(
    file="Cognitive Services/AllowControlModeForDeployment_Audit.json",
    rule="azure_ai.deployment_control_mode",
    type=DEPLOYMENT,
    base=deployment(mode="Default"),
    values={
        "properties.raiPolicy.mode": texts("Default", "Asynchronous_filter", "Deferred"),
        "properties.raiPolicy": [{}, "assist", []],
        "properties.raiPolicyName": ["Microsoft.DefaultV2", None],
    },
    parameters=(
        Parameters(),
        Parameters(azure={"raiPolicyMode": ["Default"]}, ours={"allowed_modes": ["Default"]}),
        Parameters(azure={"raiPolicyMode": []}, ours={"allowed_modes": []}),
    ),
    silent=NAMED_ONLY,
)

REGISTRY_MODELS = Entry(
    file="Cognitive Services/AllowDeployRegistryModels_Audit.json",
    rule="azure_ai.deployment_registry_models",
    type=DEPLOYMENT,
    base={
        "name": "chat",
        "properties": {"model": {"name": "phi", "publisher": "OpenAI", "assetId": PHI}},
    },
    values={
        "properties.model.publisher": texts("OpenAI", "Meta"),
        "properties.model.assetId": texts(PHI, "azureml://registries/other/models/x/versions/1"),
        "properties.model": [{}, "phi", {"name": "phi"}],
    },
    parameters=(
        Parameters(
            azure={"allowedPublishers": ["openai"]}, ours={"allowed_publishers": ["openai"]}
        ),
        Parameters(
            azure={"allowedAssetIds": ["other", "registries/AzureML/"]},
            ours={"allowed_asset_ids": ["other", "registries/AzureML/"]},
        ),
        Parameters(
            azure={"allowedPublishers": ["Meta"], "allowedAssetIds": [PHI]},
            ours={"allowed_publishers": ["Meta"], "allowed_asset_ids": [PHI]},
        ),
        Parameters(),
    ),
)

ENTRIES = (
    CONTROL_MODE,
    REGISTRY_MODELS,
    _side_filter(
        "AllowDeploymentCompletionControl_Audit",
        "deployment_completion_filter",
        "Completion",
        ("Protected Material Text", "Profanity"),
    ),
    _side_filter(
        "AllowDeploymentPromptControl_Audit",
        "deployment_prompt_filter",
        "Prompt",
        ("Jailbreak", "Indirect Attack"),
    ),
    SEVERITY,
)
