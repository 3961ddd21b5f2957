"""The small pieces of the page Learn, as functions on small numbers.

polynomial  what a coefficient is worth: f(x) = x + 5x²
one_weight  what a weight of a trained network is worth
steps       a 5x4 kernel pruned by hand: rank, cut, zero, remove
zeros       what a zero costs in a file, and in time
guess       at which K does it break?
toy_round   one round of Sub-FedAvg with three clients and six weights
"""
