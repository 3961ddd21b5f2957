"""FedAvg: clients train the server's network, the server takes the average of what they send.

Source: McMahan et al., "Communication-Efficient Learning of Deep Networks from Decentralized Data"
(arXiv 1602.05629), algorithm 1. With fine-tuning, a client goes on to train the last network that
it received, and uses its own.
"""

from engine.federated.algorithms.base import Algorithm

FEDAVG = Algorithm(
    name="fedavg",
    order=20,
    label="FedAvg",
    summary="Clients train the server's network; the server averages what they send.",
)
FINE_TUNED = Algorithm(
    name="fedavg-finetune",
    order=30,
    label="FedAvg + fine-tuning",
    summary="FedAvg, whose clients use the server's network after training it once more.",
    trains_own=True,
)
ALGORITHMS = (FEDAVG, FINE_TUNED)
