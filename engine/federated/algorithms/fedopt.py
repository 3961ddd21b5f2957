"""FedAdam, FedYogi, FedAdagrad: the server follows the average with an adaptive optimizer.

Source: Reddi et al., "Adaptive Federated Optimization" (arXiv 2003.00295), algorithm 2.
"""

from engine.federated.algorithms.base import Algorithm

ALGORITHMS = tuple(
    Algorithm(
        name=f"fed{optimizer}",
        order=order,
        label=f"Fed{optimizer.capitalize()}",
        summary=f"FedAvg, whose server follows the average with {optimizer.capitalize()}.",
        optimizer=optimizer,
    )
    for order, optimizer in ((50, "adam"), (60, "yogi"), (70, "adagrad"))
)
