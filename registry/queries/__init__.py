"""Reads that span tables; every one of them is asked on behalf of an actor."""
