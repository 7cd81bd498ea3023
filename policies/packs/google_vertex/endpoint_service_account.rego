# METADATA
# scope: package
# title: Deployed models act under an account of their own
# description: >-
#   Every model that is deployed to a Vertex AI endpoint runs under a service account that was
#   chosen for it. Without one it runs under an account of the service, so absence fails.
# custom:
#   severity: medium
#   controls:
#     - soc2/cc6.1
#   remediation: >-
#     Deploy the model again with a serviceAccount that has only the roles it needs.
#   input_kinds:
#     - configuration/aiplatform.googleapis.com/Endpoint
#   reads:
#     - deployedModels
package muniment.google_vertex.endpoint_service_account

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

failing := [finding(concat("", ["deployedModels[", json.marshal(index), "].serviceAccount"]), "the model names no service account") | some index in wrong]

wrong contains index if {
	some index, model in models
	not acts(model)
}

acts(model) if {
	is_string(model.serviceAccount)
	model.serviceAccount != ""
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
