"""REST doors of engagement: reactions and comments."""
