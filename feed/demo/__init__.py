"""A living network to look at: people, clips drawn by ffmpeg's own sources, talk between them."""
