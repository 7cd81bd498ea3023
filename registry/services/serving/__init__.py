"""What deployments serve: windows, samples, thresholds on them, and drift."""
