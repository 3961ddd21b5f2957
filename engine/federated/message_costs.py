"""What a message weighs, and what it would weigh in other forms."""

import math
from dataclasses import dataclass

from engine.arrays import count_nonzero
from engine.federated import coding, messages
from engine.federated.coding import VALUES
from engine.federated.messages import Context
from engine.pruning.masks import Masks

HEAD = len(messages.MAGIC) + 1 + 4
"""Bytes of the beginning, of the form of the values and of the checksum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Bytes of messages; all but the last four carry values in the run's form.

    Attributes:
        sent: of the buffers that really travelled: the cheapest form of the masks.
        bitmap: with the weights' flags as a bitmap.
        golomb: with the weights' flags as gaps.
        delta: with the flags of what lived before.
        initial: with the differences to the initial magnitudes' choice.
        bound: with as few bits for the masks as a set of that size needs, history unknown.
        values_only: without any masks, as papers count.
        dense: of the whole network, zeros and all.
        float32, float16, int8: as sent, with values in that form.
    """

    sent: int = 0
    bitmap: int = 0
    golomb: int = 0
    delta: int = 0
    initial: int = 0
    bound: int = 0
    values_only: int = 0
    dense: int = 0
    float32: int = 0
    float16: int = 0
    int8: int = 0


def costs_of(data: bytes, masks: Masks, context: Context, form: str) -> Costs:
    """What a message weighs in all forms, in bytes.

    Args:
        data: the encoded message.
        masks: that it carries.
        context: what both ends knew before it.
        form: of its values.
    """
    length = coding.values_length
    kept = {name: sum(length(count, name) for count in masks.counts) for name in VALUES}
    sent = len(data) - kept[form]
    rest = kept[form] + HEAD + len(coding.pack_flags(messages.unit_flags(masks, context)))
    full = messages.full_flags(masks)
    return Costs(
        sent=len(data),
        bitmap=rest + 1 + len(coding.pack_bitmap(full)),
        golomb=rest + 1 + len(coding.pack_gaps(full)),
        delta=rest + 1 + len(coding.pack_flags(messages.delta_flags(masks, context))),
        initial=rest + len(messages.pack_initial(masks, context)),
        bound=kept[form] + math.ceil(position_bits(masks) / 8),
        values_only=kept[form],
        dense=sum(length(size, form) for size in masks.sizes),
        **{name: sent + size for name, size in kept.items()},
    )


def position_bits(masks: Masks) -> float:
    """Bits that say which units and which of their weights live, the numbers being known.

    The logarithm of how many such choices there are, layer by layer: no code is shorter on the
    average over all masks of these sizes.
    """
    sizes = [(units.size, count_nonzero(units)) for units in masks.units]
    sizes += zip(masks.block_sizes, masks.counts[::2], strict=True)
    logs = (
        math.lgamma(size + 1) - math.lgamma(kept + 1) - math.lgamma(size - kept + 1)
        for size, kept in sizes
    )
    return sum(max(log / math.log(2), 0.0) for log in logs)
