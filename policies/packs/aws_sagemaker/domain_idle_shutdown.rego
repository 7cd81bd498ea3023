# METADATA
# scope: package
# title: Notebooks of domains stop when idle
# description: >-
#   JupyterLab applications of an Amazon SageMaker domain stop by themselves when idle, by the
#   default settings of its users. Absence leaves them running, so absence fails. Settings of
#   single users and spaces are not judged.
# custom:
#   severity: low
#   controls:
#     - soc2/a1.1
#   remediation: >-
#     Set IdleSettings.LifecycleManagement to ENABLED in JupyterLabAppSettings of the default
#     user settings, with IdleTimeoutInMinutes.
#   input_kinds:
#     - configuration/AWS::SageMaker::Domain
#   reads:
#     - DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.LifecycleManagement
package muniment.aws_sagemaker.domain_idle_shutdown

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("idle shutdown is not enabled")]}

finding(msg) := {"msg": msg, "path": "configuration.DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.LifecycleManagement"}

applies if lower(input.resource.type) == "aws::sagemaker::domain"

compliant if setting == "ENABLED"

doubt := "the value refers to another part of the template" if {
	is_reference(setting)
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := settings.DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.LifecycleManagement

present if setting != null

# What the source would have told, had there been any; a Describe answer leaves out what is not set.
absent if {
	some path in ["DefaultUserSettings", "DefaultUserSettings.JupyterLabAppSettings", "DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement", "DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings", "DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.LifecycleManagement"]
	input.fields[path] == "absent"
}

absent if not tells_fields

tells_fields if is_object(input.fields)

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)

# An intrinsic function of a template; only a deployment resolves it.
is_reference(value) if is_object(value)
