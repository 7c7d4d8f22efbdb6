"""REST doors of the graph: people, relations, requests."""
