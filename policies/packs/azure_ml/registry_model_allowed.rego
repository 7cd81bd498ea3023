# METADATA
# scope: package
# title: Deployments take models from the allowed registry only
# description: >-
#   A model that an Azure Machine Learning online deployment takes from a registry comes from the
#   allowed one, and is none of those that are restricted there. Without parameters no registry
#   is allowed. Models of the workspace itself pass.
# related_resources:
#   - ref: urn:azure:policy-definition:19539b54-c61e-4196-9a38-67598701be90
#     description: Azure built-in policy, registry deployments restricted to the allowed registry
# custom:
#   severity: high
#   controls:
#     - mcsb/AI-1
#     - nist-ai-rmf/govern-6.1
#     - nist-ai-rmf/manage-3.2
#   remediation: >-
#     Deploy a model of the allowed registry, or copy the model there after review.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments
#   reads:
#     - properties.model
#   parameters:
#     allowed_registry:
#       description: Name of the registry whose models may be deployed; none by default.
#       schema:
#         type: string
#     restricted_models:
#       description: Asset ids of models that may not be deployed; none by default.
#       schema:
#         type: array
#         items:
#           type: string
package muniment.azure_ml.registry_model_allowed

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the model is restricted")]} if {
	is_restricted
} else := {"state": "fail", "findings": [finding("the model comes from another registry than the allowed one")]} if {
	is_from_registry
	not is_from_allowed_registry
} else := {"state": "pass", "findings": []} if {
	asset_id
}

finding(msg) := {"msg": msg, "path": "configuration.properties.model"}

applies if {
	lower(input.resource.type) == "microsoft.machinelearningservices/workspaces/onlineendpoints/deployments"
	not names_no_model
}

names_no_model if {
	has_model
	not asset_id
}

names_no_model if model_absent

names_no_model if {
	input.resource.provenance == "observed"
	not has_fields
	not has_model
}

has_model if input.configuration.properties.model != null

has_fields if is_object(input.fields)

model_absent if {
	some path in {"properties", "properties.model"}
	input.fields[path] == "absent"
}

asset_id := text(input.configuration.properties.model)

asset_id := text(input.configuration.properties.model.assetId)

default allowed := ""

allowed := text(input.parameters.allowed_registry)

is_restricted if {
	some model in input.parameters.restricted_models
	asset_id == text(model)
}

is_from_registry if startswith(asset_id, "azureml://registries/")

is_from_allowed_registry if startswith(asset_id, concat("", ["azureml://registries/", allowed, "/"]))

doubt := "the value is a template expression, which only a deployment resolves" if {
	startswith(asset_id, "[")
} else := "the document does not tell which model is deployed" if {
	not has_model
}

text(value) := lower(value) if is_string(value)
