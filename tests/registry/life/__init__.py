"""What becomes of assets and versions."""
