"""Find what there is: the catalogue over all workspaces that one may read."""
