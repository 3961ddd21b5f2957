"""Which uploads are refused, and why: a refused one changes nothing."""

from engine.networks.network import Network
from engine.pruning.masks import Masks


def problem(network: Network, masks: Masks, before: Masks) -> str:
    """What is wrong with an upload, in a word; empty where nothing is.

    Args:
        network: the uploaded weights.
        masks: the uploaded masks.
        before: the client's masks as the server knows them.

    Returns:
        ``shape``, ``grown``, ``non_finite``, ``not_masked`` or nothing.
    """
    wanted = [flags.shape for flags in before.weights]
    if [layer.kernel.shape for layer in network.layers] != wanted:
        return "shape"
    if [flags.shape for flags in masks.weights] != wanted:
        return "shape"
    if not masks.is_subset_of(before):
        return "grown"
    if not network.finite:
        return "non_finite"
    return "" if masks.dead_are_zero(network) else "not_masked"
