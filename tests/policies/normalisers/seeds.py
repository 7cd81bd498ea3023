"""Documents that are right, one of each form."""

from __future__ import annotations

from typing import Any

SEEDS: dict[str, Any] = {
    "arm-template": {
        "resources": [
            {
                "type": "Microsoft.MachineLearningServices/workspaces",
                "name": "ws",
                "properties": {"publicNetworkAccess": "Disabled", "copy": []},
                "resources": [{"type": "computes", "name": "c", "properties": {}}],
            },
            {"type": "Microsoft.Insights/diagnosticSettings", "name": "d", "scope": "a/b/c"},
        ],
        "parameters": {"name": {"type": "string", "defaultValue": "x"}},
        "variables": {"a": {"b": ["c"]}},
    },
    "arm-get": {
        "value": [
            {"id": "/subscriptions/1/providers/a/b/c", "type": "a/b", "properties": {"x": [1]}}
        ]
    },
    "avm-parameters": {
        "parameters": {
            "name": {"value": "ai"},
            "managedIdentities": {"value": {"userAssignedResourceIds": ["/ids/1"]}},
            "diagnosticSettings": {"value": [{"name": "d"}]},
            "deployments": {"value": [{"name": "gpt", "model": {"name": "m"}}]},
        }
    },
    "azureml-cli": {
        "name": "c",
        "type": "amlcompute",
        "identity": {"type": "user_assigned", "user_assigned_identities": [{"resource_id": "i"}]},
        "network_settings": {"subnet": "s"},
        "idle_time_before_scale_down": 120,
    },
    "cloudformation": {
        "Parameters": {"P": {"Type": "String", "Default": "d"}},
        "Conditions": {"C": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "M": {
                "Type": "AWS::SageMaker::Model",
                "Condition": "C",
                "Properties": {"EnableNetworkIsolation": True, "Containers": [{"Image": "i"}]},
            },
            "N": {"Type": "AWS::SageMaker::NotebookInstance", "Properties": {"SubnetId": "s"}},
        },
    },
    "sagemaker-describe": [{"ModelArn": "arn", "VpcConfig": {"Subnets": ["s"]}}],
    "terraform-plan": {
        "planned_values": {
            "root_module": {
                "resources": [
                    {
                        "address": "azurerm_cognitive_account.a",
                        "type": "azurerm_cognitive_account",
                        "values": {
                            "name": "ai",
                            "identity": [{"type": "SystemAssigned"}],
                            "network_acls": [{"default_action": "Deny", "ip_rules": ["1"]}],
                            "storage": [{"storage_account_id": "s"}],
                        },
                        "sensitive_values": {"identity": [{}]},
                    }
                ]
            }
        },
        "resource_changes": [
            {
                "address": "azurerm_cognitive_account.a",
                "change": {"after_unknown": {"identity": [{"type": False}]}},
            }
        ],
    },
    "databricks": {"clusters": [{"cluster_id": "c", "spark_conf": {"a": "b"}}]},
    "vertex": {"endpoints": [{"name": "projects/1/locations/l/endpoints/1", "labels": {}}]},
    "native": [{"type": "t", "external_id": "e", "configuration": {"a": [1]}}],
}
