# METADATA
# scope: package
# title: Model deployments filter harmful content
# description: >-
#   The content filter (RAI policy) of a model deployment has every required filter, for
#   prompts and for completions, enabled and blocking. A deployment that only names its policy
#   does not tell the filters and is unknown.
# related_resources:
#   - ref: urn:azure:policy-definition:f3a9c2e0-7b4d-4d8f-9c3a-2e1f6b9a8d4e
#     description: Azure built-in policy, deployments should only use allowed prompt content filtering
# custom:
#   severity: high
#   controls:
#     - eu-ai-act/art-15.5
#     - nist-ai-rmf/manage-2.2
#   remediation: >-
#     Assign an RAI policy whose contentFilters contain the missing filters with enabled and
#     blocking set to true, and record it with the deployment.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts/deployments
#   parameters:
#     required_filters: >-
#       List of objects with name and source (Prompt or Completion); by default the four harm
#       categories on both and Jailbreak on prompts.
package muniment.azure_ai.deployment_content_filter

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	lower(input.resource.type) != "microsoft.cognitiveservices/accounts/deployments"
} else := {"state": "unknown", "findings": [finding("the document does not tell the filters of the deployment")]} if {
	not lists_filters
} else := {"state": "fail", "findings": missing} if {
	count(missing) > 0
} else := {"state": "pass", "findings": []} if {
	count(missing) == 0
}

lists_filters if is_array(input.configuration.properties.raiPolicy.contentFilters)

finding(msg) := {"msg": msg, "path": "configuration.properties.raiPolicy.contentFilters"}

missing := [finding(concat(" ", ["the filter", object.get(filter, "name", "?"), "on", object.get(filter, "source", "?"), "is not enabled and blocking"])) |
	some filter in required
	not in_force(filter)
]

in_force(filter) if {
	some actual in input.configuration.properties.raiPolicy.contentFilters
	text(actual.name) == text(filter.name)
	text(actual.source) == text(filter.source)
	actual.enabled == true
	actual.blocking == true
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

required := input.parameters.required_filters if is_array(input.parameters.required_filters)

text(value) := lower(trim(value, " \t\r\n")) if is_string(value)
