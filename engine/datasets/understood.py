"""What a person should know of their own data before anything runs: one line for each thing."""

from collections.abc import Iterator, Sequence

from engine.datasets.content import Content, Numbers
from engine.datasets.labels import unused
from engine.datasets.reading import BEYOND, Reading, proposed
from engine.datasets.scaling import usual
from engine.datasets.splits import training_count
from engine.notices import Notice
from engine.results.paired import worth
from engine.results.points import unequal

FEW = 10
"""Training images of a class below which its accuracy says little."""

ENOUGH_VALIDATION = 100
"""With fewer validation images one of them is worth more than a point."""

MEANS_APART = 0.5
SPREADS_APART = 2.0
"""How far test images may be from training images: in spreads of these, and as a ratio."""

MOST_NAMED = 5


def notices_of(content: Content, reading: Reading) -> tuple[Notice, ...]:
    """Everything to be said of a data set that is read in this way."""
    return (
        _scale(content, reading),
        *_channels(content, reading),
        *content.understood,
        *_numbers(content),
        *_labels(content.labels),
        *_images(content),
    )


def validation_count(content: Content) -> int:
    """Images that choose: the person's own validation images, or those that are held out."""
    images = sum(content.train_images)
    return content.validation_images or images - training_count(images)


def named(names: Sequence[str]) -> str:
    """Some names as they stand in a line: the first few, and how many more."""
    if len(names) == 1:
        return names[0]
    shown = ", ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def number(value: float) -> str:
    """A number as it stands in a line, in four digits at most."""
    return f"{value:.4g}"


def _scale(content: Content, reading: Reading) -> Notice:
    train, test = sum(content.train_images), sum(content.test_images)
    size = "x".join(map(str, content.image_shape))
    text = (
        f"{train:,} training and {test:,} test images of {size}, {content.dtype} from "
        f"{_range(content.train)}, {_read_as(reading)}; {_classes(content.labels)}"
    )
    wanted = proposed(content)
    if reading.scaling.name != wanted:
        text += f"; such numbers ask for scale {wanted}"
    elif reading.scaling.name != "1" and reading.scaling != usual(content.dtype):
        text += "; scale 1 takes them as they are"
    if content.train.reach > BEYOND:
        text += "; squares of such numbers overflow in float32, and training diverges"
    return Notice("scale", text)


def _read_as(reading: Reading) -> str:
    scaling = reading.scaling
    if scaling.name == "standardise":
        return f"less their mean {number(scaling.offset)}, divided by {number(scaling.divisor)}"
    if scaling.name == "max":
        return f"divided by their maximum {number(scaling.divisor)}"
    return "divided by 255" if scaling.name == "255" else "taken as they are"


def _classes(labels: Sequence[str]) -> str:
    if len(labels) > MOST_NAMED:
        return f"{len(labels)} classes, {labels[0]} to {labels[-1]}"
    return f"{len(labels)} classes: {', '.join(labels)}"


def _range(numbers: Numbers) -> str:
    return f"{number(numbers.low)} to {number(numbers.high)}"


def _channels(content: Content, reading: Reading) -> Iterator[Notice]:
    if reading.channels_first:
        stored = content.image_shape
        yield Notice(
            "channels-first",
            f"images of {stored} have their channels first and are read as "
            f"{reading.shape(stored)}; channels last takes them as they are",
        )


def _numbers(content: Content) -> Iterator[Notice]:
    train, test, own = content.train, content.test, content.held_out
    if own is not None and not own.constant and not train.constant and _apart(train, own):
        yield _differs("validation", own, train)
    for part, numbers in (("training", train), ("test", test)):
        if numbers.constant:
            yield Notice(
                "constant-images", f"all {part} images hold nothing but {number(numbers.low)}"
            )
    if train.constant or test.constant:
        return
    if content.inverted:
        yield Notice(
            "scale-differs", "test images look like negatives of the training images: invert them"
        )
    elif _apart(train, test):
        yield _differs("test", test, train)


def _differs(part: str, other: Numbers, train: Numbers) -> Notice:
    return Notice(
        "scale-differs",
        f"{part} images hold {_range(other)}, mean {number(other.mean)}, spread "
        f"{number(other.spread)}; training images {_range(train)}, mean {number(train.mean)}, "
        f"spread {number(train.spread)}: scale both alike, or {part} accuracy means nothing",
    )


def _apart(train: Numbers, test: Numbers) -> bool:
    ratio = test.spread / train.spread
    shifted = abs(test.mean - train.mean) > MEANS_APART * train.spread
    return shifted or not 1 / SPREADS_APART < ratio < SPREADS_APART


def _labels(labels: tuple[str, ...]) -> Iterator[Notice]:
    if labels != tuple(map(str, range(len(labels)))):
        yield Notice(
            "labels-renumbered", f"the labels that occur are the {_classes(labels)}, by these names"
        )
    missing = unused(labels)
    if missing:
        yield Notice("labels-unused", f"no image has label {named(missing)}: no class of its own")


def _images(content: Content) -> Iterator[Notice]:
    train, test = content.train_images, content.test_images
    untested = _where(content.labels, [count == 0 for count in test])
    if untested:
        text = f"{_class(untested)} no test images and therefore no accuracy"
        yield Notice("no-test-images", text)
    untrained = _where(content.labels, [count == 0 for count in train])
    if untrained:
        text = f"{_class(untrained)} no training images: no network can learn that"
        yield Notice("no-training-images", text)
    few = _where(content.labels, [0 < count < FEW for count in train])
    if few:
        text = f"{_class(few)} fewer than {FEW} training images: accuracy there says little"
        yield Notice("few-images", text)
    least = min(count for count in train if count)
    if unequal(train):
        yield Notice(
            "unequal-classes",
            f"classes have {least:,} to {max(train):,} training images: balanced accuracy, "
            "which counts classes alike, stands beside accuracy",
        )
    held_out = validation_count(content)
    if held_out < ENOUGH_VALIDATION:
        yield Notice(
            "few-validation-images",
            f"{held_out} validation image{'s' if held_out > 1 else ''}: one is worth "
            f"{worth(held_out)} points of accuracy, too much to choose a network by",
        )


def _where(labels: Sequence[str], flags: Sequence[bool]) -> list[str]:
    return [label for label, flag in zip(labels, flags, strict=True) if flag]


def _class(labels: Sequence[str]) -> str:
    return f"class {labels[0]} has" if len(labels) == 1 else f"classes {named(labels)} have"
