"""Pages that show videos."""
