# METADATA
# scope: package
# title: Deployments are not on the public network
# description: >-
#   The configuration of a deployment says that the public network does not reach it. What the
#   configuration leaves out is unknown.
# custom:
#   severity: high
#   controls:
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Give the deployment a private endpoint or allowed ranges on the platform, and a revision
#     whose configuration says so under network.
#   input_kinds:
#     - configuration/deployment
#   reads:
#     - network.public_access
package muniment.deployment.network_private

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not judged
} else := {"state": "pass", "findings": []} if {
	setting == false
} else := {"state": "unknown", "findings": [finding("the configuration does not tell the value")]} if {
	not told
} else := {"state": "fail", "findings": [finding("the public network reaches the deployment")]}

finding(msg) := {"msg": msg, "path": "configuration.network.public_access"}

judged if {
	lower(input.resource.type) == "deployment"
	not stopped
}

stopped if input.configuration.deployment.desired == "stopped"

setting := input.configuration.network.public_access

told if is_boolean(setting)
