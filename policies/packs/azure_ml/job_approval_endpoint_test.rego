package muniment.azure_ml.job_approval_endpoint_test

import data.muniment.azure_ml.job_approval_endpoint
import rego.v1
