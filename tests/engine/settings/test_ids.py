"""Ids: those of earlier versions stay, and equal work is one run."""

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import settings
from engine.errors import InvalidInput
from engine.settings import KINDS, options
from engine.settings.values import Choice, Maybe, Pair, Real, Several, Sparsity, Whole

PINNED = json.loads(Path(__file__).with_name("ids.json").read_text())
"""Settings with the ids that the version of November 2026 gave them. Where that differed for equal
work (a norm where no unit is ranked), `was` is the id of that time."""


@pytest.mark.parametrize("pinned", PINNED, ids=lambda each: each["id"])
def test_ids_of_an_earlier_version_stay(pinned):
    read = settings.from_json(pinned["kind"], pinned["values"])
    assert settings.digest(read) == pinned["id"]
    assert settings.from_json(pinned["kind"], settings.to_json(read)) == read


def some(value):  # noqa: PLR0911  # one for each kind
    """Values of a kind, as a strategy."""
    match value:
        case Whole(low, high):
            return st.integers(low, min(high, low + 500))
        case Real(low, high, above):
            return st.floats(low, high, exclude_min=above, allow_subnormal=False)
        case Sparsity(most, above):
            return st.integers(int(above), round(1000 * most)).map(lambda share: share / 1000)
        case Choice():
            return st.sampled_from(value.options)
        case Maybe(inner):
            return st.none() | some(inner)
        case Several(each=each):
            return st.lists(some(each), min_size=1, max_size=2, unique=True).map(tuple)
        case Pair(first, second):
            return st.tuples(some(first), some(second))
        case _:
            return None


@st.composite
def changes(draw):
    """A kind of settings, and two sets of values that differ in one field."""
    kind = draw(st.sampled_from([each for each in KINDS.values() if options(each)]))
    kinds = {name: some(each.value) for name, each in options(kind).items()}
    known = {name: strategy for name, strategy in kinds.items() if strategy is not None}
    values = draw(st.fixed_dictionaries({}, optional=known))
    name = draw(st.sampled_from(sorted(known)))
    return kind, values, values | {name: draw(known[name])}, name


@given(changes())
def test_a_field_that_does_not_matter_changes_no_id_and_one_that_does_changes_it(change):
    kind, values, changed, name = change
    try:
        one, other = kind.of(**values), kind.of(**changed)
    except InvalidInput:
        return
    here, there = settings.flat(one), settings.flat(other)
    if name not in here and name not in there:
        assert settings.digest(one) == settings.digest(other)
    elif here.get(name) != there.get(name):
        assert settings.digest(one) != settings.digest(other)
    for each in (one, other):
        assert settings.from_json(kind.kind, settings.to_json(each)) == each


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("federate", {"algorithm": "local", "values": "int8", "weighting": "equal"}),
        ("federate", {"algorithm": "fedadagrad", "beta2": 0.5}),
        ("sweep", {"methods": ["weight"], "norm": "l1", "unit_share": 0.1}),
        ("sweep", {"methods": ["random-unit"], "norm": "l1"}),
        ("export", {"variants": ["float32"], "calibration": 300}),
        ("export", {"prunings": [], "scope": "global", "bias": "pruned", "norm": "l1"}),
        ("export", {"prunings": [["unit", 0.5]], "unit_share": 0.1}),
        ("schedule", {"pooling": "max"}),
        ("schedule", {"rule": "small", "block": [4, 4], "pattern": "2:4"}),
    ],
)
def test_what_changes_nothing_changes_no_id(kind, values):
    deciding = {"algorithm", "methods", "variants", "prunings", "rule"}
    plain = {name: value for name, value in values.items() if name in deciding}
    given, bare = settings.from_json(kind, values), settings.from_json(kind, plain)
    assert given == bare
    assert settings.digest(given) == settings.digest(bare)
    assert dataclasses.replace(given) == given
