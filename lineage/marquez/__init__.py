"""The reads of Marquez's API, for its web pages and its clients."""
