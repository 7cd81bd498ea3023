"""Reads of lineage, each on behalf of an actor."""
