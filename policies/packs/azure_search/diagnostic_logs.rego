# METADATA
# scope: package
# title: The search service keeps its logs
# description: >-
#   A diagnostic setting of an Azure AI Search service keeps at least one category of logs: in
#   a Log Analytics workspace or an event hub, or in a storage account for long enough.
#   Whether a category is the one that matters is not judged, as in Azure. A document of the
#   service alone does not tell.
# related_resources:
#   - ref: urn:azure:policy-definition:b4330a05-a843-4bc8-bf9a-cacce50c67f4
#     description: Azure built-in policy, resource logs in search services should be enabled
# custom:
#   severity: medium
#   controls:
#     - mcsb/LT-3
#     - eu-ai-act/art-12.1
#     - iso-42001/A.6.2.8
#     - soc2/cc7.2
#   remediation: >-
#     Create a diagnostic setting of the service that sends OperationLogs to a Log Analytics
#     workspace.
#   input_kinds:
#     - configuration/Microsoft.Search/searchServices
#   parameters:
#     retention_days:
#       description: >-
#         Least number of days that a storage account keeps logs for; by default 365.
#       schema:
#         type: integer
#         minimum: 1
#         maximum: 999
#   reads:
#     - diagnosticSettings
package muniment.azure_search.diagnostic_logs

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("no diagnostic setting keeps a log long enough")]}

finding(msg) := {"msg": msg, "path": "configuration.diagnosticSettings"}

applies if lower(input.resource.type) == "microsoft.search/searchservices"

compliant if {
	some each in setting
	some log in each.properties.logs
	is_on(log.enabled)
	kept(log, each.properties)
}

# Only a storage account keeps logs for a number of days, and zero is for ever.
kept(log, _) if {
	is_on(log.retentionPolicy.enabled)
	long_enough(log.retentionPolicy.days)
}

kept(log, _) if not is_limited(log)

kept(_, destination) if not stores(destination)

is_limited(log) if is_on(log.retentionPolicy.enabled)

stores(destination) if destination.storageAccountId != null

long_enough(days) if as_number(days) == 0

long_enough(days) if {
	kept_days := as_number(days)
	is_number(kept_days)
	kept_days >= least
}

as_number(value) := value if is_number(value)

as_number(value) := to_number(value) if {
	is_string(value)
	regex.match("^[0-9]{1,6}$", value)
}

default least := 365

least := input.parameters.retention_days if is_number(input.parameters.retention_days)

doubt := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(setting), "[")
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.diagnosticSettings

present if setting != null

# A setting is a resource of its own: a document of the resource alone does not tell.
absent if input.fields.diagnosticSettings == "absent"

text(value) := lower(value) if is_string(value)

# Templates often write switches as text.
is_on(value) if value == true

is_on(value) if text(value) == "true"
