package muniment.azure_ml.registry_model_allowed_test

import data.muniment.azure_ml.registry_model_allowed
import rego.v1
