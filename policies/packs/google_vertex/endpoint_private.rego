# METADATA
# scope: package
# title: Endpoints are private
# description: >-
#   A Vertex AI endpoint is reached through a peered network or Private Service Connect.
#   Without either it has a public address, so absence of both fails.
# custom:
#   severity: high
#   controls:
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Create the endpoint again with privateServiceConnectConfig.enablePrivateServiceConnect
#     set to true, and move the deployed models.
#   input_kinds:
#     - configuration/aiplatform.googleapis.com/Endpoint
#   reads:
#     - network
#     - privateServiceConnectConfig.enablePrivateServiceConnect
#     - enablePrivateServiceConnect
package muniment.google_vertex.endpoint_private

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the endpoint has a public address")]}

finding(msg) := {"msg": msg, "path": "configuration.network"}

applies if lower(input.resource.type) == "aiplatform.googleapis.com/endpoint"

compliant if named(input.configuration.network)

compliant if input.configuration.privateServiceConnectConfig.enablePrivateServiceConnect == true

compliant if input.configuration.enablePrivateServiceConnect == true

doubt := "the document does not tell every setting that would do" if {
	some path in ways
	not told(path)
}

ways := ["network", "privateServiceConnectConfig.enablePrivateServiceConnect", "enablePrivateServiceConnect"]

told(path) if input.fields[path] in {"declared", "observed"}

told(path) if {
	some above in around(path)
	input.fields[above] == "absent"
}

told(_) if not tells_fields

tells_fields if is_object(input.fields)

# The path itself, and what it stands in.
around(path) := [concat(".", array.slice(parts, 0, length)) |
	parts := split(path, ".")
	some length in numbers.range(1, count(parts))
]

named(value) if {
	is_string(value)
	value != ""
}
