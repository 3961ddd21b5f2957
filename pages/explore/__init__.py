"""The page Explore: a trained network under one's hands."""
