"""What the journeys register: a small support assistant."""

from __future__ import annotations

from typing import Any

DEV = "assist-dev"
WORKSPACE_TYPE = "Microsoft.MachineLearningServices/workspaces"


def dataset() -> dict[str, Any]:
    return {
        "workspace": DEV,
        "kind": "dataset",
        "name": "tickets",
        "spec": {
            "format": "jsonl",
            "license": "CC0-1.0",
            "personal_data": {"contains": False},
            "fields": [
                {"name": "question", "type": "string"},
                {"name": "answer", "type": "string"},
            ],
            "statistics": {"rows": 120},
        },
        "artifacts": [
            {
                "path": "tickets.jsonl",
                "uri": "s3://assist/tickets.jsonl",
                "digest": "sha256:" + "1f" * 32,
                "size": 40_960,
            }
        ],
    }


def model() -> dict[str, Any]:
    return {
        "workspace": DEV,
        "kind": "model",
        "name": "answerer",
        "spec": {
            "source": {"type": "uri", "uri": "s3://assist/answerer", "provider": "ourselves"},
            "task": "text-generation",
            "license": "Apache-2.0",
        },
        "links": [{"role": "trained_on", "to": "assist-dev/dataset/tickets/1"}],
    }


def prompt() -> dict[str, Any]:
    return {
        "workspace": DEV,
        "kind": "prompt",
        "name": "answer",
        "spec": {
            "type": "text",
            "template": "Answer {{question}} from the ticket history.",
            "variables": {"question": {"type": "string"}},
        },
    }


def flow(model_digest: str, prompt_digest: str) -> dict[str, Any]:
    return {
        "workspace": DEV,
        "kind": "flow",
        "name": "support-bot",
        "spec": {
            "members": [
                {"name": "answerer", "kind": "model", "digest": model_digest},
                {"name": "answer", "kind": "prompt", "digest": prompt_digest},
            ],
            "steps": [{"name": "reply", "uses": ["answerer", "answer"]}],
        },
        "links": [
            {"role": "uses_model", "to": "assist-dev/model/answerer/1"},
            {"role": "uses_prompt", "to": "assist-dev/prompt/answer/1"},
        ],
        "aliases": ["candidate"],
    }


def result() -> dict[str, Any]:
    evaluator = "judge-model"
    return {
        "workspace": DEV,
        "kind": "result",
        "name": "support-bot-evaluation",
        "spec": {
            "method": "offline evaluation on held-out tickets",
            "evaluators": [{"name": evaluator, "type": "model", "version": "1"}],
            "samples": 40,
        },
        "metrics": [
            {"name": "groundedness", "value": 4.4, "evaluator": evaluator},
            {"name": "fluency", "value": 4.7, "evaluator": evaluator},
            {"name": "coherence", "value": 4.6, "evaluator": evaluator},
        ],
        "links": [
            {"role": "evaluates", "to": "assist-dev/flow/support-bot/1"},
            {"role": "evaluated_on", "to": "assist-dev/dataset/tickets/1"},
        ],
    }


def snapshot(*, connection: str) -> dict[str, Any]:
    """The production workspace's configuration, whose private endpoint is in state `connection`."""
    state = {"privateLinkServiceConnectionState": {"status": connection}}
    return {
        "workspace": "assist-prod",
        "type": WORKSPACE_TYPE,
        "external_id": "/subscriptions/assist/workspaces/assist-prod",
        "source": "azure-arm",
        "provenance": "observed",
        "document": {
            "name": "assist-prod",
            "type": WORKSPACE_TYPE,
            "properties": {
                "publicNetworkAccess": "Disabled",
                "privateEndpointConnections": [{"name": "endpoint", "properties": state}],
            },
        },
    }
