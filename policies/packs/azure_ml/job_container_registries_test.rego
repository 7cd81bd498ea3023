package muniment.azure_ml.job_container_registries_test

import data.muniment.azure_ml.job_container_registries
import rego.v1
