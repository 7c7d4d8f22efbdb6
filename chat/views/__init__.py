"""Pages of the messenger."""
