package muniment.azure_ml.diagnostic_logs_test

import data.muniment.azure_ml.diagnostic_logs
import rego.v1
