package muniment.azure_ml.registry_model_approved_test

import data.muniment.azure_ml.registry_model_approved
import rego.v1
