"""Pruning, one question a file. Pure functions on arrays: no I/O, no Keras, no globals.

scores      which entries or units matter least?  |w|, column norms, or chance
selection   the lowest so many of them, ties decided; per layer or over all layers
            (how many: `engine.settings.count_of`, whole numbers only)
masks       Masks: what is kept, as a value with invariants
strategies  prune(network, method=…, sparsity=…) -> Pruned: weight, unit, hybrid, random
shrink      shrink(network): take pruned units out physically, same outputs
first_layer what the baseline's first layer answers, for networks that keep units of it
sparsity    how sparse did it get?
sweep       measure a point; every method at every sparsity from one baseline
"""
