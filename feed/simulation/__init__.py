"""A small world with known tastes, to close the loop: what is shown decides what is learned.

Hand-made and therefore only a direction: it shows whether a change helps, and about how much, not
what a real audience will do.
"""
