"""Azure's built-in policies as an oracle: their rules evaluated here, compared with ours.

The evaluator is written from the public description of the policy language (definition
structure, array aliases, effects, applicability) and knows nothing of our Rego.
"""
