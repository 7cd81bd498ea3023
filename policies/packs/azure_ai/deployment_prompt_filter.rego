# METADATA
# scope: package
# title: Model deployments filter prompts
# description: >-
#   The content filter (RAI policy) of a model deployment has each wanted filter for prompts in
#   force. A deployment that only names its policy does not tell the filters and is unknown. A
#   policy that is recorded on its own is judged alike, unless it is one of the platform's own;
#   one that is only declared may take a filter that it does not list from the policy it is
#   based on, and is unknown.
# related_resources:
#   - ref: urn:azure:policy-definition:f3a9c2e0-7b4d-4d8f-9c3a-2e1f6b9a8d4e
#     description: >-
#       Azure built-in policy (preview), deployments should only use allowed prompt content
#       filtering
# custom:
#   severity: high
#   controls:
#     - mcsb/AI-2
#     - eu-ai-act/art-15.5
#     - nist-ai-rmf/manage-2.2
#   remediation: >-
#     Assign an RAI policy whose contentFilters contain the missing filters for prompts, enabled
#     and blocking, and record it with the deployment.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts/deployments
#     - configuration/Microsoft.CognitiveServices/accounts/raiPolicies
#   parameters:
#     filter_names:
#       description: >-
#         Filters that prompts need; by default Jailbreak.
#       schema:
#         type: array
#         items:
#           enum:
#           - Profanity
#           - Jailbreak
#           - Indirect Attack
#           - Indirect Attack Spotlighting
#         minItems: 1
#         uniqueItems: true
#     allowed_enabled_for_prompt:
#       description: >-
#         Values of enabled that filters of prompts may have; by default [true], which wants the
#         filter on.
#       schema:
#         type: array
#         items:
#           type: boolean
#         minItems: 1
#         uniqueItems: true
#     allowed_blocking_for_prompt:
#       description: >-
#         Values of blocking that filters of prompts may have; by default [true]; [true, false]
#         also takes a filter that only marks.
#       schema:
#         type: array
#         items:
#           type: boolean
#         minItems: 1
#         uniqueItems: true
#   reads:
#     - properties.raiPolicy.contentFilters
#     - properties.raiPolicyName
#     - properties.contentFilters
#     - properties.type
package muniment.azure_ai.deployment_prompt_filter

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	count(missing) == 0
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": missing}

finding(msg) := {"msg": msg, "path": path}

path := "configuration.properties.raiPolicy.contentFilters" if is_deployment

path := "configuration.properties.contentFilters" if is_policy

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

filters := policy.contentFilters if is_array(policy.contentFilters)

missing := [finding(concat(" ", ["the filter", name, "of prompts is not in force as allowed"])) |
	some name in filter_names
	not in_force(name)
]

lacking := [name |
	some name in filter_names
	not is_listed(name)
]

in_force(name) if {
	some filter in filters
	is_about(filter, name)
	word(filter.enabled) in allowed_enabled
	word(filter.blocking) in allowed_blocking
}

is_listed(name) if {
	some filter in filters
	is_about(filter, name)
}

is_about(filter, name) if {
	text(filter.name) == text(name)
	text(filter.source) == "prompt"
}

default filter_names := ["Jailbreak"]

filter_names := names if {
	is_array(input.parameters.filter_names)
	names := [name | some name in input.parameters.filter_names; is_string(name)]
	count(names) > 0
}

default allowed_enabled := ["true"]

allowed_enabled := [word(each) | some each in input.parameters.allowed_enabled_for_prompt] if {
	is_array(input.parameters.allowed_enabled_for_prompt)
}

default allowed_blocking := ["true"]

allowed_blocking := [word(each) | some each in input.parameters.allowed_blocking_for_prompt] if {
	is_array(input.parameters.allowed_blocking_for_prompt)
}

word(value) := lower(value) if is_string(value)

word(value) := json.marshal(value) if is_boolean(value)

doubt := "a value is a template expression, which only a deployment resolves" if {
	unresolved
} else := "the document does not tell the content filters" if {
	not told
} else := "a filter that is not listed may come from the policy that this one is based on" if {
	inherits
	count(lacking) == count(missing)
}

unresolved if is_expression(policy)

unresolved if is_expression(policy.contentFilters)

unresolved if {
	some filter in filters
	some key in ["name", "source", "enabled", "blocking"]
	is_expression(filter[key])
}

unresolved if {
	some filter in filters
	is_expression(filter)
}

inherits if {
	input.resource.provenance == "declared"
	is_string(policy.basePolicyName)
}

told if policy.contentFilters != null

told if {
	is_deployment
	absent(["properties", "properties.raiPolicy", "properties.raiPolicy.contentFilters"])
}

told if {
	is_policy
	absent(["properties", "properties.contentFilters"])
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
