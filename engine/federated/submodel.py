"""In which shape a client works.

Where only whole units are pruned, a client has no use for their zeros: it receives, trains, prunes
and sends a network without them. Its messages are the same, byte for byte. Where single weights
are pruned too, they are ranked among those of the whole network, so the client keeps its shape.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from engine.arrays import BoolArray
from engine.federated.masks import ClientMasks


@dataclass(frozen=True)
class OwnShape:
    """The server's shape, or a smaller one.

    Attributes:
        masks: what the client keeps, in the server's shape.
        units_only: whether nothing but whole units is ever pruned.
    """

    masks: ClientMasks
    units_only: bool

    @cached_property
    def smaller(self) -> bool:
        """Whether the client's networks have fewer units than the server's."""
        return self.units_only and not self.masks.everything

    @cached_property
    def own(self) -> ClientMasks:
        """The masks in the client's shape: they keep everything that is there."""
        if not self.smaller:
            return self.masks
        kept = [int(np.count_nonzero(units)) for units in self.masks.units]
        widths = [len(self.masks.weights[0]), *kept, self.masks.sizes[-1]]
        weights = tuple(np.ones(pair, bool) for pair in pairwise(widths))
        return ClientMasks(weights, tuple(np.ones(width, bool) for width in kept))

    def whole(self, own: ClientMasks) -> ClientMasks:
        """Masks of the client's shape in the server's."""
        if own is self.own:
            return self.masks
        if not self.smaller:
            return own
        pairs = zip(self.masks.units, own.units, strict=True)
        return replace(self.masks, units=tuple(_spread(*pair) for pair in pairs))


def _spread(before: BoolArray, now: BoolArray) -> BoolArray:
    units = before.copy()
    units[before] = now
    return units
