"""Model files as people download them, and their answers under LiteRT."""
