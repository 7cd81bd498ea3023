# METADATA
# scope: package
# title: Logs of jobs are filtered and full logs kept apart
# description: >-
#   An Azure Machine Learning compute filters the logs of jobs by the expressions that are
#   asked for and writes full logs to the datastore that is asked for. The settings of a
#   compute are told under enforcedSettings of its document.
# related_resources:
#   - ref: urn:azure:policy-definition:1d413020-63de-11ea-bc55-0242ac130003
#     description: Azure built-in policy, log filter expressions and datastore for specified computes
# custom:
#   severity: medium
#   controls:
#     - mcsb/LT-3
#     - eu-ai-act/art-12.1
#   remediation: >-
#     Assign the log filters and the datastore to the workspace of the compute.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces/computes
#   reads:
#     - name
#     - tags
#     - properties.computeType
#     - properties.properties.subnet.id
#     - enforcedSettings.logFilter
#   parameters:
#     log_filters:
#       description: >-
#         Regular expressions of what stays in the logs.
#       schema:
#         type: array
#         items:
#           type: string
#     datastore:
#       description: >-
#         Name of the datastore for full logs; needed.
#       schema:
#         type: string
#         minLength: 1
#     compute_names:
#       description: >-
#         Names of the computes that it holds for; all when empty.
#       schema:
#         type: array
#         items:
#           type: string
#     compute_type:
#       description: >-
#         Type of the computes that it holds for, as jobs call it, by default Any.
#       schema:
#         type: string
#     is_isolated_network:
#       description: >-
#         Whether it holds for clusters inside a virtual network (Yes), outside (No) or both,
#         by default Any.
#       schema:
#         enum:
#           - "Yes"
#           - "No"
#           - Any
#     tags:
#       description: >-
#         Tags, each as key:value, that a compute must have for it to hold; by default it
#         holds for computes without tags.
#       schema:
#         type: array
#         items:
#           type: string
package muniment.azure_ml.job_log_filter

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not is_compute
} else := {"state": "unknown", "findings": [finding(doubt_of_compute)]} if {
	doubt_of_compute
} else := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "fail", "findings": [finding("the compute does not have the setting that is enforced")]}

finding(msg) := {"msg": msg, "path": "configuration.enforcedSettings.logFilter"}

is_compute if lower(input.resource.type) == "microsoft.machinelearningservices/workspaces/computes"

applies if {
	is_named
	is_of_type
	is_in_network
	has_tags
}

is_named if count(wanted_names) == 0

is_named if job_name in wanted_names

# A template names a compute behind its workspace.
job_name := parts[count(parts) - 1] if parts := split(text(input.configuration.name), "/")

wanted_names := {text(name) | some name in input.parameters.compute_names}

default wanted_type := "any"

wanted_type := text(input.parameters.compute_type)

is_of_type if wanted_type == "any"

is_of_type if wanted_type == job_type

# Jobs call a cluster of the workspace otherwise than the platform does.
job_type := object.get(other_names, text(input.configuration.properties.computeType), text(input.configuration.properties.computeType))

other_names := {"amlcompute": "machinelearningcompute", "datafactory": "azuredatafactory"}

is_cluster if job_type == "machinelearningcompute"

default wanted_network := "any"

wanted_network := text(input.parameters.is_isolated_network)

is_in_network if not is_cluster

is_in_network if wanted_network == "any"

is_in_network if {
	wanted_network == "yes"
	text(input.configuration.properties.properties.subnet.id) != ""
}

is_in_network if {
	wanted_network == "no"
	not has_subnet
}

has_subnet if text(input.configuration.properties.properties.subnet.id) != ""

wanted_tags := [text(tag) | some tag in input.parameters.tags]

tags contains tag if {
	some key, value in input.configuration.tags
	is_string(key)
	is_string(value)
	tag := lower(concat(":", [key, value]))
}

has_tags if {
	count(wanted_tags) == 0
	count(tags) == 0
}

has_tags if {
	count(wanted_tags) > 0
	count([tag | some tag in tags; tag in wanted_tags]) == count(wanted_tags)
}

doubt_of_compute := "a value is a template expression, which only a deployment resolves" if {
	is_expression
} else := "the document does not tell the type of the compute" if {
	depends_on_type
	not has_type
	not type_absent
	is_incomplete
} else := "the source does not tell the name of the compute" if {
	count(wanted_names) > 0
	has_fields
	not has_name
	not name_absent
} else := "the source does not tell the tags of the compute" if {
	has_fields
	not has_told_tags
	not tags_absent
} else := "the source does not tell the subnet of the compute" if {
	is_cluster
	wanted_network != "any"
	has_fields
	not has_told_subnet
	not subnet_absent
}

depends_on_type if wanted_type != "any"

depends_on_type if wanted_network != "any"

# What a document that the platform answered leaves out is not there.
is_incomplete if has_fields

is_incomplete if input.resource.provenance == "declared"

has_fields if is_object(input.fields)

has_type if input.configuration.properties.computeType != null

has_name if input.configuration.name != null

has_told_tags if input.configuration.tags != null

has_told_subnet if input.configuration.properties.properties.subnet.id != null

is_expression if {
	depends_on_type
	startswith(text(input.configuration.properties.computeType), "[")
}

is_expression if {
	count(wanted_names) > 0
	startswith(text(input.configuration.name), "[")
}

is_expression if startswith(text(input.configuration.tags), "[")

is_expression if {
	wanted_network != "any"
	startswith(text(input.configuration.properties.properties.subnet.id), "[")
}

type_absent if {
	some path in {"properties", "properties.computeType"}
	input.fields[path] == "absent"
}

name_absent if input.fields.name == "absent"

tags_absent if input.fields.tags == "absent"

subnet_absent if {
	some path in {
		"properties",
		"properties.properties",
		"properties.properties.subnet",
		"properties.properties.subnet.id",
	}
	input.fields[path] == "absent"
}

wanted := {item | some item in input.parameters.log_filters}

is_given if is_string(input.parameters.datastore)

compliant if {
	setting := input.configuration.enforcedSettings.logFilter
	is_array(setting.filters)
	{item | some item in setting.filters} == wanted
	setting.datastore == input.parameters.datastore
	count(setting) == 2
}

doubt := "the assignment does not say which datastore keeps full logs" if {
	not is_given
} else := "the setting is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.enforcedSettings.logFilter), "[")
} else := "the document does not come with the settings that are enforced on the compute" if {
	not has_settings
	not settings_absent
} else := "the source does not tell the setting" if {
	has_fields
	not has_setting
	not settings_absent
}

has_settings if is_object(input.configuration.enforcedSettings)

has_setting if input.configuration.enforcedSettings.logFilter != null

settings_absent if {
	some path in {"enforcedSettings", "enforcedSettings.logFilter"}
	input.fields[path] == "absent"
}

text(value) := lower(value) if is_string(value)
