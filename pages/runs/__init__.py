"""The page Runs: everyone's finished runs, and yours."""
