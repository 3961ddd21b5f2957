"""The page Sweep: one network pruned at many K."""
