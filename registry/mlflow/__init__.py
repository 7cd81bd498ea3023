"""MLflow's registry protocol: wire to one service call to wire. Writes no model."""
