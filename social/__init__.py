"""Two small apps: `social.graph` (who knows whom) and `social.engagement` (who likes what)."""
