"""The verbs of a promotion: request, decide, withdraw, expire; completion is theirs to call."""
