"""The API routes that show or take videos."""
