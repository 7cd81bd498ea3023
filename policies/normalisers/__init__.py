"""Turns what platforms tell, in any of their forms, into one shape for each resource type."""
