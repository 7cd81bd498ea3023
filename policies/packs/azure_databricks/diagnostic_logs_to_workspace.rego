# METADATA
# scope: package
# title: The Databricks workspace sends its logs to the chosen place
# description: >-
#   The diagnostic setting of an Azure Databricks workspace that has the given name sends
#   every category that it lists to the given Log Analytics workspace. As in Azure, a setting
#   that lists no category passes; the rule on kept logs covers that.
# related_resources:
#   - ref: urn:azure:policy-definition:23057b42-ca8d-4aa0-a3dc-96a98b5b5a3d
#     description: Azure built-in policy, Databricks logs to a Log Analytics workspace, deployed by Azure
# custom:
#   severity: medium
#   controls:
#     - mcsb/LT-3
#     - eu-ai-act/art-12.1
#     - iso-42001/A.6.2.8
#     - soc2/cc7.2
#   remediation: >-
#     Create the diagnostic setting with this name, with every category enabled and the Log
#     Analytics workspace as its destination.
#   input_kinds:
#     - configuration/Microsoft.Databricks/workspaces
#   parameters:
#     log_analytics:
#       description: >-
#         Resource id of the Log Analytics workspace; without it the answer is unknown.
#       schema:
#         type: string
#         minLength: 1
#     setting_name:
#       description: >-
#         Name of the diagnostic setting; by default the one that Azure deploys.
#       schema:
#         type: string
#         minLength: 1
#   reads:
#     - diagnosticSettings
package muniment.azure_databricks.diagnostic_logs_to_workspace

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the diagnostic setting does not send every category to the chosen workspace")]}

finding(msg) := {"msg": msg, "path": "configuration.diagnosticSettings"}

applies if lower(input.resource.type) == "microsoft.databricks/workspaces"

compliant if {
	some each in setting
	text(each.name) == lower(setting_name)
	text(each.properties.workspaceId) == text(input.parameters.log_analytics)
	count(silent(each)) == 0
}

silent(each) := [log |
	some log in each.properties.logs
	not speaks(log)
]

speaks(log) if is_on(log.enabled)

doubt := "the parameter log_analytics does not name a Log Analytics workspace" if {
	not has_target
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(setting), "[")
} else := "the document does not tell the value" if {
	not present
	not absent
}

has_target if is_string(input.parameters.log_analytics)

default setting_name := "AzureDatabricksServicesDiagnosticsLogsToWorkspace"

setting_name := input.parameters.setting_name if is_string(input.parameters.setting_name)

setting := input.configuration.diagnosticSettings

present if setting != null

# A setting is a resource of its own: a document of the resource alone does not tell.
absent if input.fields.diagnosticSettings == "absent"

text(value) := lower(value) if is_string(value)

# Templates often write switches as text.
is_on(value) if value == true

is_on(value) if text(value) == "true"
