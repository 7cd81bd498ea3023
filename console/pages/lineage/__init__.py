"""The pages of lineage: the graph around a node, as picture, table and files."""
