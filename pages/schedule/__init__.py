"""The page Schedule: pruning while training."""
