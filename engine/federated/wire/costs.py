"""What a message weighs, and what it would weigh in other forms."""

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from engine.federated.masks import ClientMasks
from engine.federated.wire import flags, payload, values
from engine.federated.wire.payload import Context
from engine.networks.network import Network
from engine.settings import VALUES

HEAD = len(payload.MAGIC) + 1 + 4


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


def add(left: Costs, right: Costs) -> Costs:
    """Both messages together."""
    names = (field.name for field in dataclasses.fields(Costs))
    return Costs(**{name: getattr(left, name) + getattr(right, name) for name in names})


def costs_of(data: bytes, masks: ClientMasks, context: Context, form: str) -> Costs:
    """What a message weighs in all forms; `data` is the encoded one."""
    kept = {name: _values(masks, name) for name in VALUES}
    sent = len(data) - kept[form]
    rest = kept[form] + HEAD + _units(masks, context)
    forms = _forms(masks, context)
    return Costs(
        sent=len(data),
        **{name: rest + size for name, size in forms.items()},
        bound=kept[form] + math.ceil(position_bits(masks) / 8),
        values_only=kept[form],
        dense=sum(values.length(size, form) for size in masks.sizes),
        **{name: sent + size for name, size in kept.items()},
    )


def position_bits(masks: ClientMasks) -> float:
    """Bits that say which units and which of their weights live, the numbers being known.

    The logarithm of how many such choices there are, layer by layer: no code is shorter on the
    average over all masks of these sizes.
    """
    units = sum(_choices(u.size, int(np.count_nonzero(u))) for u in masks.units)
    sizes = (masks.room(layer) for layer in range(len(masks.weights)))
    return units + sum(map(_choices, sizes, masks.counts[::2]))


def _forms(masks: ClientMasks, context: Context) -> dict[str, int]:
    """Bytes of the weights' flags in each form."""
    bitmap = flags.bitmap_length(masks.rooms) + 1
    if all(masks.whole):  # every weight lives whose units live: its flags need not be built
        shortest = len(flags.pack_all(masks.rooms))
        return {
            "bitmap": bitmap,
            "golomb": flags.NO_GAP + 1,
            "delta": shortest + 1,
            "initial": _initial(masks, context, nothing=shortest),
        }
    whole = payload.full_flags(masks)
    return {
        "bitmap": bitmap,
        "golomb": len(flags.pack_gaps(whole)) + 1,
        "delta": len(flags.pack(payload.delta_flags(masks, context))) + 1,
        "initial": len(payload.initial(masks, context)),
    }


def _initial(masks: ClientMasks, context: Context, *, nothing: int) -> int:
    """Bytes of the differences to the initial magnitudes' choice; `nothing` if there are none."""
    if masks.everything:
        return 1 + payload.COUNT * len(masks.weights) + nothing
    return len(payload.initial(masks, context))


def _units(masks: ClientMasks, context: Context) -> int:
    return len(flags.pack(payload.units_before(masks, context)))


def _values(masks: ClientMasks, form: str) -> int:
    return sum(values.length(count, form) for count in masks.counts)


def _choices(size: int, kept: int) -> float:
    logs = math.lgamma(size + 1) - math.lgamma(kept + 1) - math.lgamma(size - kept + 1)
    return max(logs / math.log(2), 0.0)


def message(
    network: Network, masks: ClientMasks, context: Context, form: str
) -> tuple[bytes, Costs]:
    """A message and what it weighs."""
    data = payload.encode(network, masks, context, form)
    return data, costs_of(data, masks, context, form)
