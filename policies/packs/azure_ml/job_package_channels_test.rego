package muniment.azure_ml.job_package_channels_test

import data.muniment.azure_ml.job_package_channels
import rego.v1
