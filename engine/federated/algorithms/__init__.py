"""Federated algorithms, one file each: what clients do, what the server does with their uploads.

A file declares them as classes, with their settings, and names them in a tuple ``ALGORITHMS``;
`engine.system.registry` finds it. `base` is what they have in common, `fedavg` what all do whose
clients send networks.
"""

from engine.federated.algorithms.base import Algorithm as Algorithm
from engine.federated.algorithms.base import ClientTask as ClientTask
from engine.federated.algorithms.fedavg import FedAvg as FedAvg
