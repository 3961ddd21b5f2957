"""Pruning, one question a file. Pure functions on arrays: no I/O, no Keras, no globals.

method      what a method is: its scores by a rule; `methods` has a file for each
scores      which entries or units matter least?  |w|, column norms
ranking     the order of the scores, ties decided, per layer or over all layers; any K of it
            (how many: `engine.settings.count_of`, whole numbers only)
prune       a network, ranked by a rule, at any K: masks, and what becomes of biases and readers
masks       Masks: which weights, units and biases are kept, as a value with invariants
shrink      shrink(network): take pruned units out physically, same outputs
measure     a pruned network on test images, which report, and validation images, which choose
sweep       every method at every sparsity from one baseline, measured
plan        what pruning while training will do, before it runs
"""
