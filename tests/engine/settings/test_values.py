"""Values are checked, read and written alike wherever a person gives them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInput
from engine.settings import KINDS, options
from engine.settings.sweep import SweepSettings
from engine.settings.train import TrainSettings

HIDDEN = options(TrainSettings)["hidden"].value
SPARSITIES = options(SweepSettings)["sparsities"].value
EVERY = [
    pytest.param(each, each.default, id=f"{kind.kind}-{name}")
    for kind in KINDS.values()
    for name, each in options(kind).items()
]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1000, 1000,500 ,200", (1000, 1000, 500, 200)),
        ("30,", (30,)),
        ("", ()),
        ("1_000", (1000,)),
        ("ten", ("ten",)),
        ("-5", (-5,)),
        ("²", ("²",)),
    ],
)
def test_numbers_are_read_and_anything_else_stays_to_be_refused(written, expected):
    assert HIDDEN.read(written) == expected


def test_percentages_become_fractions():
    assert SPARSITIES.read("25, 50 %, 93.75,") == (0.25, 0.5, 0.9375)


@pytest.mark.parametrize("written", ["101", "-1", "x", "50; 60", "nan", "inf", "1_0"])
def test_what_is_no_percentage_is_refused(written):
    with pytest.raises(InvalidInput, match="sparsity must be a percentage K from 0 to 99"):
        SPARSITIES.read(written)


@pytest.mark.parametrize(("declared", "default"), EVERY)
def test_every_setting_reads_what_it_writes_and_is_explained(declared, default):
    assert declared.value.check("the setting", default) == default
    if default is not None:
        text = declared.value.write(default)
        assert declared.value.check("the setting", declared.value.read(text)) == default
    assert declared.label
    assert declared.help.endswith(".")
    assert declared.value.allowed


@given(st.text(max_size=20))
def test_no_text_is_anything_but_a_value_or_a_refusal_in_one_line(text):
    for kind in KINDS.values():
        for declared in options(kind).values():
            try:
                declared.value.check("the setting", declared.value.read(text))
            except InvalidInput as error:
                assert len(str(error).splitlines()) == 1  # noqa: PT017  # some texts are values
