import pytest

from engine.errors import InvalidInput
from pages.shared.forms import percentages
from pages.shared.network_field import numbers


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1000, 1000,500 ,200", (1000, 1000, 500, 200)),
        ("30,", (30,)),
        ("", ()),
        ("1_000", (1000,)),
        ("ten", ("ten",)),
        ("-5", ("-5",)),
        ("²", ("²",)),
    ],
)
def test_numbers_are_read_and_anything_else_stays_for_the_settings_to_refuse(written, expected):
    assert numbers(written) == expected


def test_percentages_become_fractions():
    assert percentages("25, 50 %, 93.75,") == (0.25, 0.5, 0.9375)


@pytest.mark.parametrize("written", ["101", "-1", "x", "50; 60", "nan", "inf"])
def test_what_is_no_percentage_is_refused(written):
    with pytest.raises(InvalidInput, match="sparsity must be a percentage K from 0 to 99"):
        percentages(written)
