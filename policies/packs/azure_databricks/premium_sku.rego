# METADATA
# scope: package
# title: The Databricks workspace has the premium tier
# description: >-
#   An Azure Databricks workspace has the premium tier, which private link and customer-
#   managed keys need. Azure lets a workspace whose tier is not stated pass, and so does this
#   rule where the source would have told it.
# related_resources:
#   - ref: urn:azure:policy-definition:2cc2c3b5-c2f8-45aa-a9e6-f90d85ae8352
#     description: Azure built-in policy, Databricks workspaces should be of the premium tier
# custom:
#   severity: medium
#   controls:
#     - mcsb/DP-5
#     - mcsb/NS-2
#   remediation: >-
#     Upgrade the workspace to the tier premium.
#   input_kinds:
#     - configuration/Microsoft.Databricks/workspaces
#   reads:
#     - sku.name
#   modify:
#     - op: add
#       path: /sku
#       value: {"name": "premium"}
package muniment.azure_databricks.premium_sku

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the tier is not premium")]}

finding(msg) := {"msg": msg, "path": "configuration.sku.name"}

applies if lower(input.resource.type) == "microsoft.databricks/workspaces"

compliant if text(setting) in {"premium", ""}

compliant if {
	not present
	absent
}

doubt := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(setting), "[")
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.sku.name

present if setting != null

# What the source would have told, had there been any; without fields the provenance decides.
absent if {
	some path in ["sku", "sku.name"]
	input.fields[path] == "absent"
}

absent if {
	not tells_fields
	input.resource.provenance == "observed"
}

tells_fields if is_object(input.fields)

text(value) := lower(value) if is_string(value)
