"""Deployments: what shall serve, what does, and whether it may."""
