"""Runs: their life, and what they report."""
