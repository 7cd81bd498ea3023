# METADATA
# scope: package
# title: Jobs run in a network of their owner
# description: >-
#   A Vertex AI custom job or pipeline is attached to a network of the customer, by peering or
#   a Private Service Connect interface. Without either it runs in a network of the service,
#   so absence of both fails.
# custom:
#   severity: medium
#   controls:
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Start the job with a network or a pscInterfaceConfig.
#   input_kinds:
#     - configuration/aiplatform.googleapis.com/CustomJob
#     - configuration/aiplatform.googleapis.com/PipelineJob
#   reads:
#     - jobSpec.network
#     - jobSpec.pscInterfaceConfig.networkAttachment
#     - network
#     - pscInterfaceConfig.networkAttachment
package muniment.google_vertex.job_network

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the job has no network of its owner")]}

finding(msg) := {"msg": msg, "path": concat("", ["configuration.", prefix, "network"])}

applies if lower(input.resource.type) in {
	"aiplatform.googleapis.com/customjob",
	"aiplatform.googleapis.com/pipelinejob",
}

compliant if named(spec.network)

compliant if named(spec.pscInterfaceConfig.networkAttachment)

doubt := "the document does not tell every setting that would do" if {
	some name in ["network", "pscInterfaceConfig.networkAttachment"]
	not told(name)
}

told(name) if input.fields[concat("", [prefix, name])] in {"declared", "observed"}

told(name) if {
	some above in around(concat("", [prefix, name]))
	input.fields[above] == "absent"
}

told(_) if not tells_fields

tells_fields if is_object(input.fields)

# A custom job has the settings in its spec, a pipeline at its top.
spec := object.get(input.configuration, "jobSpec", input.configuration)

default prefix := ""

prefix := "jobSpec." if lower(input.resource.type) == "aiplatform.googleapis.com/customjob"

# The path itself, and what it stands in.
around(path) := [concat(".", array.slice(parts, 0, length)) |
	parts := split(path, ".")
	some length in numbers.range(1, count(parts))
]

named(value) if {
	is_string(value)
	value != ""
}
