"""The JSON doors of pushes."""
