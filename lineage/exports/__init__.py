"""From the graph to what other catalogues take. Plain Python: no Django, no database."""
