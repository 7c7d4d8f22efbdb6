"""REST doors of moderation."""
