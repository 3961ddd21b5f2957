"""Side-by-side measurements: `make bench`. Each prints both sides and the ratio."""
