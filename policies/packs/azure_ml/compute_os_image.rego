# METADATA
# scope: package
# title: Compute instances run the latest image
# description: >-
#   An Azure Machine Learning compute instance runs the newest operating system image; software
#   of older ones is updated only by recreating the instance. As in Azure's own policy only an
#   image that the platform calls outdated fails.
# related_resources:
#   - ref: urn:azure:policy-definition:f110a506-2dcb-422e-bcea-d533fc8c35e2
#     description: Azure built-in policy, compute instances should be recreated for updates
# custom:
#   severity: medium
#   controls:
#     - mcsb/PV-6
#     - eu-ai-act/art-15.5
#     - soc2/cc7.1
#   remediation: >-
#     Recreate the compute instance, which then starts from the latest image.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces/computes
#   reads:
#     - properties.computeType
#     - properties.properties.osImageMetadata.isLatestOsImageVersion
package muniment.azure_ml.compute_os_image

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the compute instance runs an older image")]} if {
	is_outdated
} else := {"state": "pass", "findings": []} if {
	is_judged_compute
}

finding(msg) := {
	"msg": msg,
	"path": "configuration.properties.properties.osImageMetadata.isLatestOsImageVersion",
}

applies if {
	lower(input.resource.type) == "microsoft.machinelearningservices/workspaces/computes"
	not is_other_compute
}

is_judged_compute if text(input.configuration.properties.computeType) == "computeinstance"

is_other_compute if {
	has_type
	not is_judged_compute
	not type_is_expression
}

is_other_compute if type_absent

# What the platform answers without a type is none of these computes.
is_other_compute if {
	input.resource.provenance == "observed"
	not has_fields
	not has_type
}

has_fields if is_object(input.fields)

has_type if input.configuration.properties.computeType != null

type_is_expression if startswith(text(input.configuration.properties.computeType), "[")

type_absent if {
	some path in {"properties", "properties.computeType"}
	input.fields[path] == "absent"
}

is_outdated if text(input.configuration.properties.properties.osImageMetadata.isLatestOsImageVersion) == "false"

doubt := "the document does not tell the type of the compute" if {
	not is_judged_compute
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.properties.osImageMetadata.isLatestOsImageVersion), "[")
} else := "a declared document does not tell which image runs" if {
	input.resource.provenance == "declared"
	not has_value
	not absent
} else := "the source does not tell which image runs" if {
	has_fields
	not has_value
	not absent
}

has_value if input.configuration.properties.properties.osImageMetadata.isLatestOsImageVersion != null

absent if {
	some path in {
		"properties",
		"properties.properties",
		"properties.properties.osImageMetadata",
		"properties.properties.osImageMetadata.isLatestOsImageVersion",
	}
	input.fields[path] == "absent"
}

# Azure takes a text for the boolean that it names, and the other way round.
text(value) := lower(value) if is_string(value)

text(value) := json.marshal(value) if is_boolean(value)
