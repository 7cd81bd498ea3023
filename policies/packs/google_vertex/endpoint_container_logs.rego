# METADATA
# scope: package
# title: Deployed models keep their logs
# description: >-
#   The containers of every model that is deployed to a Vertex AI endpoint log to Cloud
#   Logging. They do unless it is switched off.
# custom:
#   severity: low
#   controls:
#     - eu-ai-act/art-12.1
#     - iso-42001/A.6.2.8
#     - soc2/cc7.2
#   remediation: >-
#     Deploy the model again without disableContainerLogging.
#   input_kinds:
#     - configuration/aiplatform.googleapis.com/Endpoint
#   reads:
#     - deployedModels
package muniment.google_vertex.endpoint_container_logs

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "fail", "findings": failing} if {
	count(failing) > 0
} else := {"state": "unknown", "findings": [finding("deployedModels", "the document does not tell which models are deployed")]} if {
	not tells_models
} else := {"state": "not_applicable", "findings": []} if {
	count(models) == 0
} else := {"state": "pass", "findings": []} if {
	count(failing) == 0
}

finding(path, msg) := {"msg": msg, "path": concat(".", ["configuration", path])}

applies if lower(input.resource.type) == "aiplatform.googleapis.com/endpoint"

failing := [finding(concat("", ["deployedModels[", json.marshal(index), "].disableContainerLogging"]), "logging of the containers is switched off") | some index in wrong]

wrong contains index if {
	some index, model in models
	model.disableContainerLogging == true
}

default models := []

models := input.configuration.deployedModels if is_array(input.configuration.deployedModels)

tells_models if is_array(input.configuration.deployedModels)

# The platform fills the list in; only what was observed, or says so, has none.
tells_models if input.fields.deployedModels == "absent"

tells_models if {
	not tells_fields
	input.resource.provenance == "observed"
}

tells_fields if is_object(input.fields)
