"""Evaluations: from uploaded rows to a result version, and what results say of each other."""
