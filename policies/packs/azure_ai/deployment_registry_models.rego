# METADATA
# scope: package
# title: Deployments of AI services use approved models only
# description: >-
#   The model of a deployment comes from an approved publisher, or its asset id (model.assetId,
#   the asset of a model registry) contains an approved one. As with the Azure policy, without a
#   list nothing is approved, and every deployment fails.
# related_resources:
#   - ref: urn:azure:policy-definition:aafe3651-cb78-4f68-9f81-e7e41509110f
#     description: Azure built-in policy, deployments should only use approved registry models
# custom:
#   severity: high
#   controls:
#     - mcsb/AI-1
#     - nist-ai-rmf/govern-6.1
#     - nist-ai-rmf/manage-3.1
#     - iso-42001/A.10.3
#   remediation: >-
#     Deploy a model of an approved publisher, or have its publisher or asset approved and added
#     to the assignment's lists.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts/deployments
#   parameters:
#     allowed_publishers:
#       description: >-
#         Publishers of approved models, for example OpenAI; by default none.
#       schema:
#         type: array
#         items:
#           type: string
#           minLength: 1
#         uniqueItems: true
#     allowed_asset_ids:
#       description: >-
#         Asset ids of approved models, or parts of them such as a registry or a model without
#         its version; by default none.
#       schema:
#         type: array
#         items:
#           type: string
#           minLength: 1
#         uniqueItems: true
#   reads:
#     - properties.model.publisher
#     - properties.model.assetId
package muniment.azure_ai.deployment_registry_models

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the model comes from no approved publisher and is no approved asset")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.model"}

applies if lower(input.resource.type) == "microsoft.cognitiveservices/accounts/deployments"

compliant if {
	some publisher in allowed_publishers
	text(model.publisher) == text(publisher)
}

compliant if {
	some asset_id in allowed_asset_ids
	contains(text(model.assetId), text(asset_id))
}

model := input.configuration.properties.model

default allowed_publishers := []

allowed_publishers := input.parameters.allowed_publishers if {
	is_array(input.parameters.allowed_publishers)
}

default allowed_asset_ids := []

# Every id contains the empty text, which would approve everything.
allowed_asset_ids := [id | some id in input.parameters.allowed_asset_ids; id != ""] if {
	is_array(input.parameters.allowed_asset_ids)
}

doubt := "a value is a template expression, which only a deployment resolves" if {
	unresolved
} else := "the document does not tell the publisher of the model" if {
	not told_publisher
} else := "the document does not tell the asset of the model" if {
	not told_asset
}

unresolved if is_expression(model)

unresolved if is_expression(model.publisher)

unresolved if is_expression(model.assetId)

told_publisher if model.publisher != null

told_publisher if absent(["properties", "properties.model", "properties.model.publisher"])

told_publisher if observed_whole

told_asset if model.assetId != null

told_asset if absent(["properties", "properties.model", "properties.model.assetId"])

told_asset if observed_whole

has_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

# The platform's own answer, taken as it is: what it leaves out is not there.
observed_whole if {
	not has_fields
	has_properties
	input.resource.provenance == "observed"
}

absent(parts) if {
	some part in parts
	input.fields[part] == "absent"
}

is_expression(value) if startswith(text(value), "[")

text(value) := lower(value) if is_string(value)
