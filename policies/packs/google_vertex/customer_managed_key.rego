# METADATA
# scope: package
# title: Vertex AI resources are encrypted with a key of the customer
# description: >-
#   A Vertex AI resource names a Cloud KMS key that the customer manages. Without one Google
#   encrypts with keys of its own, so absence fails.
# custom:
#   severity: medium
#   controls:
#     - soc2/cc6.1
#   remediation: >-
#     Create the resource again with encryptionSpec.kmsKeyName; it cannot be changed later.
#   input_kinds:
#     - configuration/aiplatform.googleapis.com/BatchPredictionJob
#     - configuration/aiplatform.googleapis.com/CustomJob
#     - configuration/aiplatform.googleapis.com/Dataset
#     - configuration/aiplatform.googleapis.com/Endpoint
#     - configuration/aiplatform.googleapis.com/Index
#     - configuration/aiplatform.googleapis.com/IndexEndpoint
#     - configuration/aiplatform.googleapis.com/Model
#     - configuration/aiplatform.googleapis.com/ModelDeploymentMonitoringJob
#     - configuration/aiplatform.googleapis.com/NotebookRuntimeTemplate
#     - configuration/aiplatform.googleapis.com/PersistentResource
#     - configuration/aiplatform.googleapis.com/PipelineJob
#     - configuration/aiplatform.googleapis.com/ReasoningEngine
#     - configuration/aiplatform.googleapis.com/Tensorboard
#     - configuration/aiplatform.googleapis.com/TrainingPipeline
#   reads:
#     - encryptionSpec.kmsKeyName
package muniment.google_vertex.customer_managed_key

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("no key of the customer encrypts the resource")]}

finding(msg) := {"msg": msg, "path": "configuration.encryptionSpec.kmsKeyName"}

applies if lower(input.resource.type) in {
	"aiplatform.googleapis.com/batchpredictionjob",
	"aiplatform.googleapis.com/customjob",
	"aiplatform.googleapis.com/dataset",
	"aiplatform.googleapis.com/endpoint",
	"aiplatform.googleapis.com/index",
	"aiplatform.googleapis.com/indexendpoint",
	"aiplatform.googleapis.com/model",
	"aiplatform.googleapis.com/modeldeploymentmonitoringjob",
	"aiplatform.googleapis.com/notebookruntimetemplate",
	"aiplatform.googleapis.com/persistentresource",
	"aiplatform.googleapis.com/pipelinejob",
	"aiplatform.googleapis.com/reasoningengine",
	"aiplatform.googleapis.com/tensorboard",
	"aiplatform.googleapis.com/trainingpipeline",
}

compliant if named(setting)

doubt := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.encryptionSpec.kmsKeyName

present if setting != null

# What the source would have told, had there been any; the API leaves out what is not set.
absent if {
	some path in ["encryptionSpec", "encryptionSpec.kmsKeyName"]
	input.fields[path] == "absent"
}

absent if not tells_fields

tells_fields if is_object(input.fields)

named(value) if {
	is_string(value)
	value != ""
}
