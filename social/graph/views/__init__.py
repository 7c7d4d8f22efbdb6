"""Pages of the graph: lists of people, requests, what one person does to another."""
