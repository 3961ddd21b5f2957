"""The page Learn: pieces that have one thing to do and one thing to see each."""
