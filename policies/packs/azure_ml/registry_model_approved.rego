# METADATA
# scope: package
# title: Deployed registry models come from approved publishers
# description: >-
#   A model that an Azure Machine Learning online deployment takes from a registry has an
#   approved publisher, or an asset id that contains one of the approved ones. Without parameters
#   no registry model is approved. A deployment that names its model by the asset id alone does
#   not tell the publisher.
# related_resources:
#   - ref: urn:azure:policy-definition:12e5dd16-d201-47ff-849b-8454061c293d
#     description: Azure built-in policy, deployments should only use approved registry models
# custom:
#   severity: high
#   controls:
#     - mcsb/AI-1
#     - nist-ai-rmf/govern-6.1
#     - nist-ai-rmf/manage-3.2
#     - eu-ai-act/art-15.5
#   remediation: >-
#     Deploy an approved model, or have its publisher or asset id approved.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments
#   reads:
#     - properties.model
#   parameters:
#     allowed_publishers:
#       description: Publishers whose models may be deployed; none by default.
#       schema:
#         type: array
#         items:
#           type: string
#     allowed_asset_ids:
#       description: >-
#         Asset ids of models that may be deployed, or parts of asset ids; none by default.
#       schema:
#         type: array
#         items:
#           type: string
package muniment.azure_ml.registry_model_approved

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the registry model is not approved")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.model"}

applies if {
	lower(input.resource.type) == "microsoft.machinelearningservices/workspaces/onlineendpoints/deployments"
	not has_other_model
}

# A model of the workspace, or none at all.
has_other_model if {
	has_model
	not is_from_registry
	not is_expression
}

has_other_model if model_absent

has_other_model if {
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

is_from_registry if startswith(text(input.configuration.properties.model), "azureml://registries/")

is_from_registry if input.configuration.properties.model.registryName != null

is_expression if startswith(text(input.configuration.properties.model), "[")

asset_id := text(input.configuration.properties.model)

asset_id := text(input.configuration.properties.model.assetId)

compliant if {
	is_from_registry
	some publisher in input.parameters.allowed_publishers
	text(input.configuration.properties.model.publisher) == text(publisher)
}

compliant if {
	is_from_registry
	some part in input.parameters.allowed_asset_ids
	contains(asset_id, text(part))
}

doubt := "the value is a template expression, which only a deployment resolves" if {
	is_expression
} else := "the document does not tell which model is deployed" if {
	not has_model
} else := "the asset id alone does not tell the publisher of the model" if {
	is_string(input.configuration.properties.model)
	some publisher in input.parameters.allowed_publishers
	is_string(publisher)
}

text(value) := lower(value) if is_string(value)
