package muniment.azure_ml.compute_os_image_test

import data.muniment.azure_ml.compute_os_image
import rego.v1
