package muniment.azure_ml.job_signing_keys_test

import data.muniment.azure_ml.job_signing_keys
import rego.v1
