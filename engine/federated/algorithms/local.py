"""Every client trains alone: what federation has to be better than."""

from dataclasses import dataclass

from engine.federated.algorithms.base import Algorithm, ClientTask
from engine.federated.state import ArrayGroups
from engine.networks.network import Network, from_arrays, to_arrays

NETWORK = "arr_"
"""As `engine.networks.file.dump_network` names arrays: what clients have stored stays readable."""


@dataclass(frozen=True, kw_only=True)
class Local(Algorithm):
    """A client goes on with the network that it had; nothing travels, and there is no server."""

    name = "local"
    order = 10
    label = "Local only"
    summary = "Every client trains alone with its own images; nothing travels."
    communicates = False
    trains_own = True
    remembers = True

    def start(self, received: Network, memory: ArrayGroups) -> Network:
        """Its own network; before it has one, that of the start, which all clients share."""
        return from_arrays(memory[NETWORK]) if memory else received

    def remember(self, task: ClientTask, trained: Network) -> ArrayGroups:
        """Its own network."""
        del task
        return {NETWORK: tuple(to_arrays(trained))}


ALGORITHMS = (Local,)
