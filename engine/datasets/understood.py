"""What a person should know of their own data before anything runs: one line for each thing."""

from collections.abc import Iterator, Sequence

from engine.datasets.content import Content, Numbers
from engine.datasets.reading import BEYOND, Reading, proposed, usual
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
WIDEST_GAPS = 1000
"""Labels further apart are numbers like years or postcodes: nobody meant what lies between."""


def notices_of(content: Content, reading: Reading) -> tuple[Notice, ...]:
    """Everything to be said of a data set that is read in this way."""
    told = [Notice("scale", _scale(content, reading))]
    if reading.channels_first:
        stored = content.image_shape
        text = (
            f"images of {stored} have their channels first and are read as "
            f"{reading.shape(stored)}; channels last takes them as they are"
        )
        told.append(Notice("channels-first", text))
    return (*told, *content.understood, *_numbers(content), *_labels(content), *_images(content))


def _scale(content: Content, reading: Reading) -> str:
    numbers, scaling, wanted = content.train, reading.scaling, proposed(content)
    train, test = sum(content.train_images), sum(content.test_images)
    size = "x".join(map(str, content.image_shape))
    read = {
        "standardise": f"less their mean {scaling.offset:.4g}, divided by {scaling.divisor:.4g}",
        "max": f"divided by their maximum {scaling.divisor:.4g}",
        "255": "divided by 255",
        "1": "taken as they are",
    }[scaling.name]
    text = (
        f"{train:,} training and {test:,} test images of {size}, {content.dtype} from "
        f"{_range(numbers)}, {read}; {_classes(content.labels)}"
    )
    if scaling.name != wanted:
        text += f"; such numbers ask for scale {wanted}"
    elif scaling.name != "1" and scaling != usual(content.dtype):
        text += "; scale 1 takes them as they are"
    if numbers.reach > BEYOND:
        text += "; squares of such numbers overflow in float32, and training diverges"
    return text


def _classes(labels: Sequence[str]) -> str:
    if len(labels) > MOST_NAMED:
        return f"{len(labels)} classes, {labels[0]} to {labels[-1]}"
    return f"{len(labels)} classes: {', '.join(labels)}"


def _range(numbers: Numbers) -> str:
    return f"{numbers.low:.4g} to {numbers.high:.4g}"


def _named(names: Sequence[str]) -> str:
    """Some names as they stand in a line: the first few, and how many more."""
    shown = ", ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _numbers(content: Content) -> Iterator[Notice]:
    train, test, own = content.train, content.test, content.held_out
    if own is not None and not own.constant and not train.constant:
        yield from _differs("validation", own, train)
    for part, numbers in (("training", train), ("test", test)):
        if numbers.constant:
            text = f"all {part} images hold nothing but {numbers.low:.4g}"
            yield Notice("constant-images", text)
    if train.constant or test.constant:
        return
    if content.inverted:
        text = "test images look like negatives of the training images: invert them"
        yield Notice("scale-differs", text)
    else:
        yield from _differs("test", test, train)


def _differs(part: str, other: Numbers, train: Numbers) -> Iterator[Notice]:
    """Images that are scaled otherwise than the training images, if they are."""
    ratio = other.spread / train.spread
    shifted = abs(other.mean - train.mean) > MEANS_APART * train.spread
    if shifted or not 1 / SPREADS_APART < ratio < SPREADS_APART:
        yield Notice(
            "scale-differs",
            f"{part} images hold {_range(other)}, mean {other.mean:.4g}, spread "
            f"{other.spread:.4g}; training images {_range(train)}, mean {train.mean:.4g}, "
            f"spread {train.spread:.4g}: scale both alike, or {part} accuracy means nothing",
        )


def _labels(content: Content) -> Iterator[Notice]:
    labels = content.labels
    if content.renumbered:
        text = f"the labels that occur are the {_classes(labels)}, by these names"
        yield Notice("labels-renumbered", text)
    try:
        numbers = [int(label) for label in labels]
    except ValueError:
        return  # text
    lowest, highest = min(numbers), max(numbers)
    if highest - lowest <= WIDEST_GAPS:
        unused = [str(number) for number in range(lowest, highest) if number not in numbers]
        if unused:
            text = f"no image has label {_named(unused)}: no class of its own"
            yield Notice("labels-unused", text)


def _images(content: Content) -> Iterator[Notice]:
    train, test = content.train_images, content.test_images
    few = f"fewer than {FEW} training images: accuracy there says little"
    lacking = (
        ("no-test-images", test, range(1), "no test images and therefore no accuracy"),
        ("no-training-images", train, range(1), "no training images: no network can learn that"),
        ("few-images", train, range(1, FEW), few),
    )
    for code, counts, lacks, text in lacking:
        labels = [name for name, n in zip(content.labels, counts, strict=True) if n in lacks]
        if labels:
            who = f"class {labels[0]} has" if len(labels) == 1 else f"classes {_named(labels)} have"
            yield Notice(code, f"{who} {text}")
    if unequal(train):
        least = min(count for count in train if count)
        yield Notice(
            "unequal-classes",
            f"classes have {least:,} to {max(train):,} training images: balanced accuracy, "
            "which counts classes alike, stands beside accuracy",
        )
    count = sum(train)
    held_out = content.validation_images or count - training_count(count)
    if held_out < ENOUGH_VALIDATION:
        yield Notice(
            "few-validation-images",
            f"{held_out} validation image{'s' if held_out > 1 else ''}: one is worth "
            f"{worth(held_out)} points of accuracy, too much to choose a network by",
        )
