# METADATA
# scope: package
# title: The workspace sends its logs to Log Analytics
# description: >-
#   The diagnostic setting of an Azure Machine Learning workspace that has the name of the
#   profile has every log and every metric on (or off, where that is asked for) and writes to
#   the Log Analytics workspace that is asked for, by default to any. A setting of another name
#   does not count: Azure's own policy, which deploys this setting, looks for it by name.
# related_resources:
#   - ref: urn:azure:policy-definition:f59276f0-5740-4aaf-821d-45d185aa210e
#     description: Azure built-in policy, diagnostic settings for workspaces to Log Analytics
# custom:
#   severity: medium
#   controls:
#     - mcsb/LT-5
#     - eu-ai-act/art-12.1
#     - soc2/cc7.2
#     - iso-42001/A.6.2.8
#     - nist-ai-rmf/measure-2.4
#   remediation: >-
#     Deploy a diagnostic setting with the name of the profile that sends all logs and metrics of
#     the workspace to the Log Analytics workspace.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces
#   reads:
#     - diagnosticSettings
#   parameters:
#     profile_name:
#       description: >-
#         Name of the diagnostic setting, by default
#         MachineLearningServicesDiagnosticsLogsToWorkspace.
#       schema:
#         type: string
#         minLength: 1
#     log_analytics:
#       description: >-
#         Resource id of the Log Analytics workspace; any when it is not given.
#       schema:
#         type: string
#         minLength: 1
#     logs_enabled:
#       description: Whether logs are to be on, by default true.
#       schema:
#         type: boolean
#     metrics_enabled:
#       description: Whether metrics are to be on, by default true.
#       schema:
#         type: boolean
package muniment.azure_ml.diagnostic_logs_to_workspace

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding(concat(" ", ["no diagnostic setting", profile, "sends logs and metrics as asked for"]))]}

finding(msg) := {"msg": msg, "path": "configuration.diagnosticSettings"}

applies if lower(input.resource.type) == "microsoft.machinelearningservices/workspaces"

default profile := "MachineLearningServicesDiagnosticsLogsToWorkspace"

profile := input.parameters.profile_name if is_string(input.parameters.profile_name)

default logs_enabled := true

logs_enabled := input.parameters.logs_enabled if is_boolean(input.parameters.logs_enabled)

default metrics_enabled := true

metrics_enabled := input.parameters.metrics_enabled if is_boolean(input.parameters.metrics_enabled)

compliant if {
	some setting in input.configuration.diagnosticSettings
	text(setting.name) == text(profile)
	every log in elements(object.get(setting, ["properties", "logs"], [])) {
		text(log.enabled) == json.marshal(logs_enabled)
	}
	every metric in elements(object.get(setting, ["properties", "metrics"], [])) {
		text(metric.enabled) == json.marshal(metrics_enabled)
	}
	is_wanted_target(text(setting.properties.workspaceId))
}

is_wanted_target(target) if target == text(input.parameters.log_analytics)

is_wanted_target(target) if {
	target != ""
	not has_wanted_target
}

has_wanted_target if is_string(input.parameters.log_analytics)

# What is no array has no elements.
elements(value) := value if is_array(value)

elements(value) := [] if type_name(value) != "array"

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

# Azure takes a text for the boolean that it names, and the other way round.
text(value) := lower(value) if is_string(value)

text(value) := json.marshal(value) if is_boolean(value)
