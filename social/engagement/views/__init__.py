"""Pages of engagement: buttons beside a video, its comments, and one's collections."""
