# METADATA
# scope: package
# title: The workspace keeps its resource logs
# description: >-
#   A diagnostic setting of an Azure Machine Learning workspace has a log enabled. Where the
#   setting writes to a storage account with a limited retention, the logs stay there for the
#   days that are asked for, by default 365; 0 days keep them for ever.
# related_resources:
#   - ref: urn:azure:policy-definition:afe0c3be-ba3b-4544-ba52-0c99672a8ad6
#     description: Azure built-in policy, resource logs in workspaces should be enabled
# custom:
#   severity: medium
#   controls:
#     - mcsb/LT-3
#     - eu-ai-act/art-12.1
#     - nist-ai-rmf/measure-2.4
#     - soc2/cc7.2
#     - iso-42001/A.6.2.8
#   remediation: >-
#     Add a diagnostic setting to the workspace that sends its logs to Log Analytics, an event
#     hub or a storage account.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces
#   reads:
#     - diagnosticSettings
#   parameters:
#     required_retention_days:
#       description: >-
#         Days for which a storage account must keep the logs, by default 365.
#       schema:
#         type: integer
#         minimum: 1
#         maximum: 999
package muniment.azure_ml.diagnostic_logs

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("no diagnostic setting of the workspace keeps a log")]}

finding(msg) := {"msg": msg, "path": "configuration.diagnosticSettings"}

applies if lower(input.resource.type) == "microsoft.machinelearningservices/workspaces"

default required_days := 365

required_days := input.parameters.required_retention_days if {
	is_number(input.parameters.required_retention_days)
}

compliant if {
	some setting in input.configuration.diagnosticSettings
	some log in setting.properties.logs
	text(log.enabled) == "true"
	is_kept(setting, log)
}

is_kept(_, log) if {
	limit := object.get(log, ["retentionPolicy", "enabled"], false)
	text(limit) != "true"
}

is_kept(setting, _) if object.get(setting, ["properties", "storageAccountId"], null) == null

is_kept(_, log) if text(log.retentionPolicy.days) == "0"

is_kept(_, log) if {
	days := padded(text(log.retentionPolicy.days))
	wanted := padded(json.marshal(required_days))
	is_string(days)
	is_string(wanted)
	days >= wanted
}

# Azure compares the days as texts of three digits.
padded(days) := days if count(days) >= 3

padded(days) := concat("", [substring("000", count(days), -1), days]) if count(days) < 3

doubt := "a declared document does not tell which diagnostic settings exist" if {
	input.resource.provenance == "declared"
	not has_value
	not absent
} else := "the document does not come with the diagnostic settings of the workspace" if {
	not has_value
	not absent
}

has_value if is_array(input.configuration.diagnosticSettings)

absent if input.fields.diagnosticSettings == "absent"

text(value) := lower(value) if is_string(value)

text(value) := json.marshal(value) if type_name(value) != "string"
