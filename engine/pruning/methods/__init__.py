"""One file for each method of pruning at once; see `engine.pruning.method` for what it holds."""
