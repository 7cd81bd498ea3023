# METADATA
# scope: package
# title: AI services keep diagnostic logs
# description: >-
#   An Azure AI services account or an Azure AI Search service has a diagnostic setting that
#   lists logs, so that what was done can be traced. As with the Azure policy, it does not
#   matter which logs it lists. Diagnostic settings are resources of their own: a document that
#   comes without them does not tell, and is unknown.
# related_resources:
#   - ref: urn:azure:policy-definition:1b4d1c4e-934c-4703-944c-27c82c06bebb
#     description: >-
#       Azure built-in policy, diagnostic logs in AI services resources should be enabled
# custom:
#   severity: medium
#   controls:
#     - mcsb/LT-3
#     - eu-ai-act/art-12.1
#     - eu-ai-act/art-12.2
#     - eu-ai-act/art-15.5
#     - nist-ai-rmf/measure-2.4
#     - nist-ai-rmf/manage-4.1
#     - iso-42001/A.6.2.8
#     - soc2/cc7.2
#   remediation: >-
#     Add a diagnostic setting that sends the audit and request logs to a log workspace, a
#     storage account or an event hub.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts
#     - configuration/Microsoft.Search/searchServices
#   reads:
#     - diagnosticSettings
package muniment.azure_ai.diagnostic_logs

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("no diagnostic setting of the resource sends logs anywhere")]}

finding(msg) := {"msg": msg, "path": "configuration.diagnosticSettings"}

applies if lower(input.resource.type) in ["microsoft.cognitiveservices/accounts", "microsoft.search/searchservices"]

compliant if {
	is_array(settings)
	some setting in settings
	has_log(setting)
}

settings := input.configuration.diagnosticSettings

has_log(setting) if {
	is_array(setting.properties.logs)
	some log in setting.properties.logs
	log != null
}

doubt := "a value is a template expression, which only a deployment resolves" if {
	unresolved
} else := "the document does not tell the diagnostic settings" if {
	not told
}

unresolved if is_expression(settings)

unresolved if {
	is_array(settings)
	some setting in settings
	is_expression(setting.properties.logs)
}

# A diagnostic setting is a resource of its own: a document of the account alone does not tell.
told if settings != null

told if absent(["diagnosticSettings"])

absent(parts) if {
	some part in parts
	input.fields[part] == "absent"
}

is_expression(value) if startswith(text(value), "[")

text(value) := lower(value) if is_string(value)
