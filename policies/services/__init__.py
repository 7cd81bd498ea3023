"""The verbs of policies, and their evaluation."""
