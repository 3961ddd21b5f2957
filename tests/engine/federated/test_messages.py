"""What travels: encoded and decoded, counted, and safe against damaged and hostile bytes."""

import dataclasses
import math
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.federated import coding, messages
from engine.federated.candidate_masks import fewer_weights
from engine.federated.coding import VALUES, DamagedPayload, Reader
from engine.federated.message_costs import costs_of, position_bits
from engine.federated.messages import Context, decode, encode
from engine.networks.network import to_arrays
from engine.pruning.masks import ones_like
from tests.engine.federated.test_candidate_masks import SEEDS, WIDTHS, random_masks
from tests.networks import random_network

INITIAL = random_network(WIDTHS, 7)
FULL = ones_like(INITIAL)


def shrunk(masks, rng):
    """Masks that keep a part of what those keep."""
    other = random_masks(rng, weights=rng.random() < 0.5, units=rng.random() < 0.7)
    return type(masks)(
        tuple(a & b for a, b in zip(masks.weights, other.weights, strict=True)),
        tuple(a & b for a, b in zip(masks.units, other.units, strict=True)),
    )


def case(seed):
    rng = np.random.default_rng(seed)
    before = random_masks(rng, weights=rng.random() < 0.5) if seed % 2 else FULL
    masks = shrunk(before, rng) if seed % 3 else before
    return masks.apply(random_network(WIDTHS, seed)), masks, Context(INITIAL, before)


def same_masks(left, right):
    return all(np.array_equal(a, b) for a, b in zip(left.arrays(), right.arrays(), strict=True))


@given(hnp.arrays(bool, st.integers(0, 300)))
def test_flags_come_back_from_both_forms(bits):
    for packed in (coding.pack_bitmap(bits), coding.pack_gaps(bits), coding.pack_flags(bits)):
        reader = Reader(memoryview(packed))
        assert np.array_equal(coding.unpack_flags(reader, bits.size), bits)
        reader.end()


def test_gaps_are_within_a_twentieth_of_the_bound_where_flags_are_rare():
    bits = np.random.default_rng(0).random(200_000) < 0.05
    bound = -bits.size * sum(p * math.log2(p) for p in (0.05, 0.95)) / 8
    assert bound < len(coding.pack_flags(bits)) < 1.05 * bound
    assert len(coding.pack_flags(~bits)) == len(coding.pack_flags(bits))
    assert len(coding.pack_flags(np.ones(200_000, bool))) == 10


@given(seed=SEEDS)
@settings(max_examples=60, deadline=None)
def test_a_message_comes_back_as_it_was_sent(seed):
    network, masks, context = case(seed)
    received, kept, form = decode(encode(network, masks, context, "float32"), context)
    assert form == "float32"
    assert same_masks(kept, masks)
    pairs = zip(to_arrays(received), to_arrays(network), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)


@given(seed=SEEDS)
@settings(max_examples=30, deadline=None)
def test_each_form_of_the_masks_is_read_back_and_the_shortest_is_chosen(seed):
    _, masks, context = case(seed)
    forms = {
        "full": b"\x00" + coding.pack_flags(messages.full_flags(masks)),
        "delta": b"\x01" + coding.pack_flags(messages.delta_flags(masks, context)),
        "initial": messages.pack_initial(masks, context),
    }
    for data in forms.values():
        reader = Reader(memoryview(data))
        units = dataclasses.replace(context.before, units=masks.units)
        read = messages.unpack_weight_flags(reader, units, context)
        reader.end()
        assert same_masks(read, masks)
    assert len(messages.pack_weight_flags(masks, context)) == min(map(len, forms.values()))


@pytest.mark.parametrize(("form", "error"), [("float16", 2**-11), ("int8", 1 / 254)])
def test_shorter_values_are_as_near_as_their_form_allows(form, error):
    network, masks, context = case(5)
    received, kept, _ = decode(encode(network, masks, context, form), context)
    assert same_masks(kept, masks)
    for sent, got in zip(to_arrays(network), to_arrays(received), strict=True):
        assert np.abs(sent - got).max(initial=0) <= error * np.abs(sent).max(initial=0) * 1.01


@pytest.mark.parametrize("form", VALUES)
def test_what_is_no_number_arrives_as_none(form):
    network, masks, context = case(5)
    to_arrays(network)[0][...] = np.inf
    received, *_ = decode(encode(masks.apply(network), masks, context, form), context)
    assert not np.isfinite(to_arrays(received)[0][masks.arrays()[0]]).any()


@given(seed=SEEDS, form=st.sampled_from(VALUES))
@settings(max_examples=40, deadline=None)
def test_counted_bytes_are_those_of_the_buffer_and_no_form_is_shorter(seed, form):
    network, masks, context = case(seed)
    data = encode(network, masks, context, form)
    costs = costs_of(data, masks, context, form)
    assert costs.sent == len(data) == getattr(costs, form)
    assert costs.sent <= min(costs.bitmap, costs.golomb, costs.delta, costs.initial)
    for other in VALUES:
        assert getattr(costs, other) == len(encode(network, masks, context, other))
    scales = 4 * 6 if form == "int8" else 0
    size = {"float32": 4, "float16": 2, "int8": 1}[form]
    assert costs.values_only == masks.alive * size + scales
    assert costs.dense == masks.size * size + scales
    assert costs.bound == costs.values_only + math.ceil(position_bits(masks) / 8)


def in_every_form(masks, context, rest):
    """What messages would weigh whose weights' flags really are in one form."""
    whole, still = messages.full_flags(masks), messages.delta_flags(masks, context)
    packed = {
        "bitmap": b"\x00" + coding.pack_bitmap(whole),
        "golomb": b"\x00" + coding.pack_gaps(whole),
        "delta": b"\x01" + coding.pack_flags(still),
        "initial": messages.pack_initial(masks, context),
    }
    return {name: rest + len(data) for name, data in packed.items()}


@pytest.mark.parametrize("widths", [WIDTHS, (30, 20, 10), (2, 2, 2)])
@pytest.mark.parametrize("units", [1.0, 0.5], ids=["all units", "half of them"])
@pytest.mark.parametrize("weights", [1.0, 0.5], ids=["all weights", "half of them"])
@pytest.mark.parametrize("known", [False, True], ids=["new to the server", "as before"])
def test_forms_weigh_what_messages_in_them_would(widths, units, weights, known):
    rng, initial = np.random.default_rng(1), random_network(widths)
    full = ones_like(initial)
    masks = type(full)(
        tuple(rng.random(k.shape) < weights for k in full.weights),
        tuple(rng.random(u.shape) < units for u in full.units),
    )
    context = Context(initial, masks if known else full)
    data = encode(masks.apply(initial), masks, context, "float16")
    costs = costs_of(data, masks, context, "float16")
    rest = len(data) - len(messages.pack_weight_flags(masks, context))
    assert {f: getattr(costs, f) for f in FORMS} == in_every_form(masks, context, rest)
    assert costs.sent == min(costs.delta, costs.initial, costs.bitmap, costs.golomb)


FORMS = ("bitmap", "golomb", "delta", "initial")


def test_the_bound_is_the_number_of_choices():
    masks = fewer_weights(INITIAL, FULL, 0.3)
    bits = sum(math.log2(math.comb(k.size, int(k.sum()))) for k in masks.weights)
    assert position_bits(masks) == pytest.approx(bits)
    assert position_bits(FULL) == 0


def sealed(body):
    return body + struct.pack("<I", zlib.crc32(body))


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_made_up_bytes_are_one_clear_error(data):
    for attempt in (data, sealed(data), sealed(messages.MAGIC + b"\x00" + data)):
        with pytest.raises(DamagedPayload, match="a message cannot be read"):
            decode(attempt, Context(INITIAL, FULL))


@given(seed=SEEDS, place=st.floats(0, 0.999), byte=st.integers(0, 255))
@settings(max_examples=200, deadline=None)
def test_a_changed_byte_is_noticed_and_behind_a_right_checksum_harmless(seed, place, byte):
    network, masks, context = case(seed)
    data = bytearray(encode(network, masks, context, "float32"))
    index = int(place * (len(data) - 4))
    if data[index] == byte:
        return
    data[index] = byte
    with pytest.raises(DamagedPayload):
        decode(bytes(data), context)
    try:
        received, kept, _ = decode(sealed(bytes(data[:-4])), context)
    except DamagedPayload:
        return
    assert [a.shape for a in to_arrays(received)] == [a.shape for a in to_arrays(network)]
    assert kept.dead_are_zero(received)


@given(seed=st.integers(0, 1000), share=st.floats(0, 0.999))
@settings(max_examples=40, deadline=None)
def test_a_message_that_is_cut_off_is_one_clear_error(seed, share):
    network, masks, context = case(seed)
    data = encode(network, masks, context, "float16")
    with pytest.raises(DamagedPayload):
        decode(sealed(data[: int(share * (len(data) - 4))]), context)


def test_huge_numbers_of_gaps_are_refused_before_anything_is_made():
    for count, low, length in ((2**32 - 1, 0, 8), (4, 255, 8), (4, 0, 2**32 - 1)):
        head = bytes([coding.ONES]) + struct.pack("<IBI", count, low, length)
        with pytest.raises(DamagedPayload):
            coding.unpack_flags(Reader(memoryview(head + b"\xff" * 64)), 100)
