# METADATA
# scope: package
# title: Content filters of model deployments work in an allowed mode
# description: >-
#   The mode of the content filter (RAI policy) of a model deployment is an allowed one. A
#   deployment that only names its policy does not tell the mode and is unknown. A policy that
#   is recorded on its own is judged alike, unless it is one of the platform's own.
# related_resources:
#   - ref: urn:azure:policy-definition:c1ad46c6-37f8-4af0-9c71-c208375c87dd
#     description: >-
#       Azure built-in policy (preview), deployments should only use an allowed control mode
# custom:
#   severity: medium
#   controls:
#     - mcsb/AI-2
#     - eu-ai-act/art-15.5
#     - nist-ai-rmf/manage-2.2
#   remediation: >-
#     Set mode of the RAI policy to an allowed one, or assign the deployment another policy.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts/deployments
#     - configuration/Microsoft.CognitiveServices/accounts/raiPolicies
#   parameters:
#     allowed_modes:
#       description: >-
#         Modes that are allowed; by default Default and Asynchronous_filter, which versions of
#         the platform's API before June 2025 call Deferred.
#       schema:
#         type: array
#         items:
#           enum:
#           - Default
#           - Asynchronous_filter
#           - Deferred
#           - Blocking
#         minItems: 1
#         uniqueItems: true
#   reads:
#     - properties.raiPolicy.mode
#     - properties.raiPolicyName
#     - properties.mode
#     - properties.type
package muniment.azure_ai.deployment_control_mode

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the mode of the content filter is not an allowed one")]}

finding(msg) := {"msg": msg, "path": path}

path := "configuration.properties.raiPolicy.mode" if is_deployment

path := "configuration.properties.mode" if is_policy

applies if is_deployment

applies if {
	is_policy
	not is_system_managed
}

is_deployment if lower(input.resource.type) == "microsoft.cognitiveservices/accounts/deployments"

is_policy if lower(input.resource.type) == "microsoft.cognitiveservices/accounts/raipolicies"

# The platform's own policies are the same in every account, and nobody can change them.
is_system_managed if text(input.configuration.properties.type) == "systemmanaged"

policy := input.configuration.properties.raiPolicy if is_deployment

policy := input.configuration.properties if is_policy

compliant if {
	some mode in allowed_modes
	text(policy.mode) == text(mode)
}

default allowed_modes := ["Default", "Asynchronous_filter"]

allowed_modes := input.parameters.allowed_modes if is_array(input.parameters.allowed_modes)

doubt := "a value is a template expression, which only a deployment resolves" if {
	unresolved
} else := "the document does not tell the mode of the content filter" if {
	not told
}

unresolved if is_expression(policy)

unresolved if is_expression(policy.mode)

told if policy.mode != null

told if {
	is_deployment
	absent(["properties", "properties.raiPolicy", "properties.raiPolicy.mode"])
}

told if {
	is_policy
	absent(["properties", "properties.mode"])
}

told if {
	observed_whole
	not named_only
}

# The name of a policy does not tell what is in it.
named_only if {
	is_string(input.configuration.properties.raiPolicyName)
	not has_policy
}

has_policy if policy != null

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
