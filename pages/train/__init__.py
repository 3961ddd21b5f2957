"""The page Train: a network learns, live."""
