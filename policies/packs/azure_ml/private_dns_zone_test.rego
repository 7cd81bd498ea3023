package muniment.azure_ml.private_dns_zone_test

import data.muniment.azure_ml.private_dns_zone
import rego.v1
