package muniment.azure_ml.job_module_authors_test

import data.muniment.azure_ml.job_module_authors
import rego.v1
