"""OPA bundles: their archives, manifests, digests and signatures."""
