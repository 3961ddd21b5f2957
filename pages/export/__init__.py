"""The page Export: every network as every file."""
