"""Federated algorithms, one file each: what clients do, what the server does with their uploads.

A file names its algorithms in a tuple ``ALGORITHMS``; `engine.system.registry` finds it. `base` is
what they have in common: an `Algorithm` without changes is FedAvg.
"""

from engine.federated.algorithms.base import Algorithm as Algorithm
from engine.federated.algorithms.base import ClientTask as ClientTask
