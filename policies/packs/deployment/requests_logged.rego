# METADATA
# scope: package
# title: Deployments log their requests
# description: >-
#   The configuration of a deployment says that requests are logged. What the configuration
#   leaves out is unknown.
# custom:
#   severity: medium
#   controls:
#     - eu-ai-act/art-12.1
#     - nist-ai-rmf/measure-2.4
#     - iso-42001/A.6.2.8
#     - soc2/cc7.2
#   remediation: >-
#     Switch logging on on the platform, and give the deployment a revision whose
#     configuration says so under logging.
#   input_kinds:
#     - configuration/deployment
#   reads:
#     - logging.requests
package muniment.deployment.requests_logged

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not judged
} else := {"state": "pass", "findings": []} if {
	setting == true
} else := {"state": "unknown", "findings": [finding("the configuration does not tell the value")]} if {
	not told
} else := {"state": "fail", "findings": [finding("requests are not logged")]}

finding(msg) := {"msg": msg, "path": "configuration.logging.requests"}

judged if {
	lower(input.resource.type) == "deployment"
	not stopped
}

stopped if input.configuration.deployment.desired == "stopped"

setting := input.configuration.logging.requests

told if is_boolean(setting)
