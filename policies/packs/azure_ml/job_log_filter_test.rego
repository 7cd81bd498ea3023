package muniment.azure_ml.job_log_filter_test

import data.muniment.azure_ml.job_log_filter
import rego.v1
