"""What the service costs, measured: each module is a command, `python -m benchmarks.<name>`."""
