"""The page Compare: runs side by side, and the one to ship."""
