"""REST doors of the messenger."""
