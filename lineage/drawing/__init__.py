"""Pictures of graphs: folding, layered layout and SVG. Plain Python without Django."""
