import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.arrays import FloatArray
from engine.datasets import load, normalised
from engine.errors import InvalidInput
from engine.explore.digit import MNIST, are_digits, centred, style_of
from engine.explore.service import shipped
from engine.networks.network import Layer, Network, forward

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


SCALES = {
    "uint8 0..255": (0, 1),
    "float 0..255": (0, 255),
    "uint8 0..16": (0, 16 / 255),
    "standardised": (-0.1307 / 0.3081, 1 / 0.3081),
    "inverted": (1, -1),
    "inverted and standardised": (2, -3),
}
"""What the network reads for no ink, and how much more for full ink."""


@pytest.fixture(scope="module")
def digits():
    data = load("mnist")
    return normalised(data.x_train[::100]), normalised(data.x_test[::20]), data.y_test[::20]


def reading(shift: float, span: float) -> Network:
    """The network that ships, trained as it were on other values: its first layer undoes them."""
    first, *others = shipped().layers
    bias = first.bias - np.float32(shift / span) * first.kernel.sum(axis=0)
    kernel = first.kernel / np.float32(span)
    return Network((Layer(kernel, bias.astype(np.float32), first.convolution), *others))


def accuracy(network: Network, images: FloatArray, labels) -> float:
    return float((forward(network, images).argmax(axis=1) == labels).mean())


@pytest.mark.parametrize(("shift", "span"), SCALES.values(), ids=SCALES)
def test_drawings_are_read_as_well_whatever_the_scale_of_the_data(digits, shift, span):
    train, test, labels = digits
    before = accuracy(shipped(), test, labels)
    assert before > 0.9
    network, style = reading(shift, span), style_of(shift + span * train, (28, 28))
    drawn = [style.values(centred(ink, style)) for ink in test.reshape(-1, 28, 28)]
    images = np.stack(drawn).reshape(len(test), -1)
    assert accuracy(network, images, labels) == pytest.approx(before, abs=0.01)
    assert (style.ground, style.ink) == pytest.approx((shift, shift + span), rel=1e-5)


def test_mnist_is_found_to_be_drawn_as_its_authors_say(digits):
    assert style_of(digits[0], (28, 28, 1)) == MNIST


def test_digits_of_another_size_are_drawn_in_theirs():
    images = np.full((12, 10, 10), 0.5, np.float32)  # grey ground, darker ink
    for i, image in enumerate(images):
        image[2:8, 3 : 5 + i % 2] = -1.5
    style = style_of(images.reshape(12, -1), (10, 10))
    assert (style.side, style.box, style.ground, style.ink) == (10, 6, 0.5, -1.5)
    assert style.middle == (5.0, 4.0)
    stroke = style.values(centred(np.ones((56, 8)), style))
    assert stroke.shape == (10, 10)
    assert np.flatnonzero((stroke < 0.5).any(axis=1)).tolist() == [2, 3, 4, 5, 6, 7]
    assert stroke.min() == -1.5
    assert stroke.max() == 0.5


def test_one_odd_image_does_not_change_the_values_of_ink(digits):
    train = digits[0].copy()
    train[0, 300] = 1e6
    train[1] = 5
    assert style_of(train, (28, 28)) == MNIST


@pytest.mark.parametrize("shape", [(784,), (28, 14, 2), (28, 28, 3), (4, 4), (56, 14), (300, 300)])
def test_what_is_no_square_picture_is_not_drawn(shape):
    with pytest.raises(InvalidInput, match="images to draw must be square pictures of one channel"):
        style_of(np.zeros((3, int(np.prod(shape))), np.float32), shape)


def test_blank_images_have_no_ink():
    with pytest.raises(InvalidInput, match="must have ink on their ground"):
        style_of(np.ones((3, 64), np.float32), (8, 8))


def test_ten_digits_are_digits():
    assert are_digits([*"0123456789"])
    assert not are_digits(["T-shirt", "Dress"])
    assert not are_digits([*"012"])
    assert not are_digits([*map(str, range(11))])
