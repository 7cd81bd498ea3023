# METADATA
# scope: package
# title: Deployments accept no keys
# description: >-
#   The configuration of a deployment says that it accepts no keys that are not bound to an
#   identity. What the configuration leaves out is unknown.
# custom:
#   severity: high
#   controls:
#     - soc2/cc6.1
#   remediation: >-
#     Switch keys off on the platform, and give the deployment a revision whose configuration
#     says so under identity.
#   input_kinds:
#     - configuration/deployment
#   reads:
#     - identity.local_keys
package muniment.deployment.no_local_keys

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not judged
} else := {"state": "pass", "findings": []} if {
	setting == false
} else := {"state": "unknown", "findings": [finding("the configuration does not tell the value")]} if {
	not told
} else := {"state": "fail", "findings": [finding("the deployment accepts keys")]}

finding(msg) := {"msg": msg, "path": "configuration.identity.local_keys"}

judged if {
	lower(input.resource.type) == "deployment"
	not stopped
}

stopped if input.configuration.deployment.desired == "stopped"

setting := input.configuration.identity.local_keys

told if is_boolean(setting)
