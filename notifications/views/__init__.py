"""Pages of pushes."""
