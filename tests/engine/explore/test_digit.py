import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.datasets import load
from engine.errors import InvalidInput
from engine.explore.digit import centred

drawings = hnp.arrays(
    np.float64,
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    elements=st.sampled_from([0.0, 0.0, 0.25, 1.0]),
)


def box(image):
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1


def mass(image):
    total = image.sum()
    rows, columns = np.indices(image.shape) + 0.5
    return (rows * image).sum() / total, (columns * image).sum() / total


@given(drawings)
def test_any_drawing_becomes_an_image_of_the_data_set(drawing):
    image = centred(drawing)
    assert image.shape == (28, 28)
    assert image.dtype == np.float32
    assert (image >= 0).all()
    assert image.max() <= 1 + 1e-6
    assert image.any() == drawing.any()
    if drawing.any():
        assert max(box(image)) == 20


@given(drawings, st.integers(0, 9), st.integers(0, 9))
def test_where_it_was_drawn_does_not_matter(drawing, down, right):
    moved = np.pad(drawing, ((down, 3), (right, 5)))
    assert np.array_equal(centred(moved), centred(drawing))


def test_a_square_of_any_size_is_the_same_square_in_the_middle():
    expected = np.zeros((28, 28))
    expected[5:25, 5:25] = 1
    for side in (1, 10, 20, 56):
        assert np.allclose(centred(np.ones((side, side))), expected)


def test_ink_is_kept_where_a_drawing_is_scaled():
    drawing = np.random.default_rng(0).random((40, 30))
    assert centred(drawing).sum() == pytest.approx(drawing.sum() * (20 / 40) * (15 / 30), rel=1e-5)


def test_the_centre_of_mass_comes_to_the_middle():
    drawing = np.zeros((60, 60))
    drawing[:, 20:30] = 1
    drawing[50:, 20:50] = 1  # a foot to the right
    down, right = mass(centred(drawing))
    assert abs(down - 14.5) <= 0.5
    assert abs(right - 14.5) <= 0.5


def test_images_of_mnist_stay_as_they_are():
    for image in load("mnist").x_test[:200] / 255:
        assert np.allclose(centred(image), image, atol=1e-6)


@pytest.mark.parametrize(
    "drawing",
    [[[2.0]], [[-0.1]], [[np.nan]], [1.0], np.ones((600, 2)), np.ones((0, 3)), "x", [["a"]], None],
)
def test_what_is_no_drawing_is_refused_in_one_line(drawing):
    with pytest.raises(InvalidInput, match="drawing must be an image of at most 512x512 numbers"):
        centred(drawing)
