"""Offline evaluation: the same log and split for everybody, full ranking, tuned on validation."""
