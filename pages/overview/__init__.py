"""The page Overview: what pruning costs and what it buys, from results that ship."""
