# METADATA
# scope: package
# title: AI services restrict who may connect
# description: >-
#   An Azure AI services account (also Azure OpenAI) either refuses the public network or denies
#   it by default and lets in named networks; an Azure AI Search service either refuses it or
#   has at least one IP rule.
# related_resources:
#   - ref: urn:azure:policy-definition:037eea7a-bd0a-46c5-9a66-03aea78705d3
#     description: Azure built-in policy, AI services resources should restrict network access
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Set publicNetworkAccess to Disabled; or set networkAcls.defaultAction of an account to
#     Deny with rules for the networks that are needed, or give networkRuleSet.ipRules of a
#     search service the addresses that are needed.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts
#     - configuration/Microsoft.Search/searchServices
#   reads:
#     - properties.publicNetworkAccess
#     - properties.networkAcls.defaultAction
#     - properties.networkRuleSet.ipRules
package muniment.azure_ai.network_restricted

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("every network may connect")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.publicNetworkAccess"}

applies if is_account

applies if is_search

is_account if lower(input.resource.type) == "microsoft.cognitiveservices/accounts"

is_search if lower(input.resource.type) == "microsoft.search/searchservices"

compliant if text(access) == "disabled"

compliant if {
	is_account
	text(action) == "deny"
}

compliant if {
	is_search
	is_array(ip_rules)
	some ip_rule in ip_rules
	names_network(ip_rule)
}

access := input.configuration.properties.publicNetworkAccess

action := input.configuration.properties.networkAcls.defaultAction

ip_rules := input.configuration.properties.networkRuleSet.ipRules

names_network(ip_rule) if {
	ip_rule.value != null
	not is_unresolved(ip_rule)
}

is_unresolved(ip_rule) if is_expression(ip_rule.value)

doubt := "a value is a template expression, which only a deployment resolves" if {
	unresolved
} else := "the document does not tell whether the public network is open" if {
	not told_access
} else := "the document does not tell the rules of the network" if {
	not told_rules
}

unresolved if is_expression(access)

unresolved if {
	is_account
	is_expression(action)
}

unresolved if {
	is_search
	is_expression(ip_rules)
}

unresolved if {
	is_search
	is_array(ip_rules)
	some ip_rule in ip_rules
	is_unresolved(ip_rule)
}

told_access if access != null

told_access if absent(["properties", "properties.publicNetworkAccess"])

told_access if taken_whole

told_rules if {
	is_account
	action != null
}

told_rules if {
	is_account
	absent(["properties", "properties.networkAcls", "properties.networkAcls.defaultAction"])
}

told_rules if {
	is_search
	ip_rules != null
}

told_rules if {
	is_search
	absent(["properties", "properties.networkRuleSet", "properties.networkRuleSet.ipRules"])
}

told_rules if taken_whole

has_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

# A document that was taken as it is: what it does not tell is judged as the platform would.
taken_whole if {
	not has_fields
	has_properties
}

absent(parts) if {
	some part in parts
	input.fields[part] == "absent"
}

is_expression(value) if startswith(text(value), "[")

text(value) := lower(value) if is_string(value)
