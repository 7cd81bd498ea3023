# METADATA
# scope: package
# title: Model deployments filter harmful content
# description: >-
#   The content filter (RAI policy) of a model deployment has every required filter, for prompts
#   and for completions, enabled and blocking. A deployment that only names its policy does not
#   tell the filters and is unknown. A policy that is recorded on its own is judged alike,
#   unless it is one of the platform's own; one that is only declared may take a filter that it
#   does not list from the policy it is based on, and is unknown.
# related_resources:
#   - ref: urn:azure:policy-set-definition:5207647b-3e83-4e28-b836-c382cb5e2a2e
#     description: >-
#       Azure built-in initiative (preview), guardrail for deployments; this one policy stands
#       for its common core
# custom:
#   severity: high
#   controls:
#     - mcsb/AI-2
#     - eu-ai-act/art-15.5
#     - nist-ai-rmf/manage-2.2
#   remediation: >-
#     Assign an RAI policy whose contentFilters contain the missing filters with enabled and
#     blocking set to true, and record it with the deployment.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts/deployments
#     - configuration/Microsoft.CognitiveServices/accounts/raiPolicies
#   parameters:
#     required_filters:
#       description: >-
#         List of objects with name and source (Prompt or Completion); by default the four harm
#         categories on both and Jailbreak on prompts.
#       schema:
#         type: array
#         minItems: 1
#         items:
#           type: object
#           required:
#           - name
#           - source
#           additionalProperties: false
#           properties:
#             name:
#               type: string
#               minLength: 1
#             source:
#               type: string
#               pattern: ^([Pp]rompt|[Cc]ompletion)$
#   reads:
#     - properties.raiPolicy.contentFilters
#     - properties.raiPolicyName
#     - properties.contentFilters
#     - properties.type
package muniment.azure_ai.deployment_content_filter

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

missing := [finding(concat(" ", ["the filter", object.get(filter, "name", "?"), "on", object.get(filter, "source", "?"), "is not enabled and blocking"])) |
	some filter in required
	not in_force(filter)
]

lacking := [filter |
	some filter in required
	not is_listed(filter)
]

in_force(wanted) if {
	some filter in filters
	is_about(filter, wanted)
	filter.enabled == true
	filter.blocking == true
}

is_listed(wanted) if {
	some filter in filters
	is_about(filter, wanted)
}

is_about(filter, wanted) if {
	text(filter.name) == text(wanted.name)
	text(filter.source) == text(wanted.source)
}

default required := [
	{"name": "Hate", "source": "Prompt"},
	{"name": "Hate", "source": "Completion"},
	{"name": "Sexual", "source": "Prompt"},
	{"name": "Sexual", "source": "Completion"},
	{"name": "Violence", "source": "Prompt"},
	{"name": "Violence", "source": "Completion"},
	{"name": "Selfharm", "source": "Prompt"},
	{"name": "Selfharm", "source": "Completion"},
	{"name": "Jailbreak", "source": "Prompt"},
]

required := chosen if {
	is_array(input.parameters.required_filters)
	chosen := [filter | some filter in input.parameters.required_filters; names_filter(filter)]
	count(chosen) > 0
}

names_filter(filter) if {
	is_string(filter.name)
	is_string(filter.source)
}

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
