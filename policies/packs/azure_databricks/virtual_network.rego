# METADATA
# scope: package
# title: The Databricks workspace runs in a network of its owner
# description: >-
#   An Azure Databricks workspace is injected into a virtual network of the customer: the
#   network and both subnets are named. Azure asks whether they are named, not what they are.
# related_resources:
#   - ref: urn:azure:policy-definition:9c25c9e4-ee12-4882-afd2-11fb9d87893f
#     description: Azure built-in policy, Databricks workspaces should be in a virtual network
# custom:
#   severity: medium
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#   remediation: >-
#     Create the workspace again with customVirtualNetworkId, customPublicSubnetName and
#     customPrivateSubnetName; a workspace in a managed network can be moved only where the
#     platform offers it.
#   input_kinds:
#     - configuration/Microsoft.Databricks/workspaces
#   reads:
#     - properties.parameters.customVirtualNetworkId.value
#     - properties.parameters.customPublicSubnetName.value
#     - properties.parameters.customPrivateSubnetName.value
package muniment.azure_databricks.virtual_network

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the workspace is not in a virtual network of its owner")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.parameters"}

applies if lower(input.resource.type) == "microsoft.databricks/workspaces"

compliant if {
	count(missing) == 0
	count(unresolved) == 0
}

doubt := "a value is a template expression, which only a deployment resolves" if {
	count(refuted) == 0
	count(unresolved) > 0
} else := "the document does not tell whether a network is named" if {
	count(refuted) == 0
}

unresolved := [name |
	some name in wanted
	value := input.configuration.properties.parameters[name].value
	is_string(value)
	startswith(value, "[")
]

wanted := ["customVirtualNetworkId", "customPublicSubnetName", "customPrivateSubnetName"]

missing := [name |
	some name in wanted
	not named(name)
]

named(name) if input.configuration.properties.parameters[name].value != null

refuted := [name |
	some name in missing
	absent(name)
]

# What the source would have told, had there been any; without fields a workspace is what it says.
absent(name) if {
	some path in around(concat("", ["properties.parameters.", name, ".value"]))
	input.fields[path] == "absent"
}

absent(_) if {
	not tells_fields
	has_properties
}

tells_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

# The path itself, and what it stands in.
around(path) := [concat(".", array.slice(parts, 0, length)) |
	parts := split(path, ".")
	some length in numbers.range(1, count(parts))
]
