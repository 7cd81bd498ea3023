"""OPA's management protocols: bundles, discovery, decision logs and status."""
