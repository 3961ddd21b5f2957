"""What pages tell of a data set before anyone loads it."""

import dataclasses
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from engine.checks import refuse
from engine.datasets import cache
from engine.datasets.cache import folder_of
from engine.datasets.content import BYTES, NUMBERS, ONE_HOT, TEXT, Content
from engine.datasets.library import (
    USUAL_SCALES,
    all_sources,
    content_of,
    is_imported,
    read_as_ever,
    source_of,
)
from engine.datasets.reading import Reading, check_reach, reading_of, resolve, usual
from engine.datasets.splits import training_count
from engine.datasets.understood import notices_of
from engine.errors import DatasetError
from engine.notices import Notice
from engine.settings import AUTO, DataSettings

Kind = TypeVar("Kind")


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetSummary:
    """What is known of a data set before anyone loads it.

    Attributes:
        name: as in the settings.
        train: number of training images.
        test: number of test images.
        image_shape: of one image, as it is read.
        classes: number of classes.
        learnt: training images that are learnt from; the others choose (validation).
        local: whether it can be used without a download.
        download_bytes: about how much a first use downloads; 0 where nothing is.
    """

    name: str
    train: int
    test: int
    image_shape: tuple[int, ...]
    classes: int
    learnt: int
    local: bool = True
    download_bytes: int = 0


def describe(name: str, *, channels: str = AUTO) -> DatasetSummary:
    """The data set's figures, without downloading or decoding anything.

    Args:
        name: of the data set.
        channels: where images have their channels; their shape is told as it is read.

    Raises:
        InvalidInput: no data set can have that name.
        DatasetError: an imported one is gone or damaged.
    """
    if is_imported(name):
        seen = content_of(name)
        train = sum(seen.train_images)
        return DatasetSummary(
            name=name,
            train=train + seen.validation_images,
            test=sum(seen.test_images),
            image_shape=reading_of(seen, channels=channels).shape(seen.image_shape),
            classes=len(seen.labels),
            learnt=train if seen.validation_images else training_count(train),
        )
    source = source_of(name)
    train, *image_shape = source.shapes["x_train"]
    return DatasetSummary(
        name=name,
        train=train,
        test=source.shapes["x_test"][0],
        image_shape=tuple(image_shape),
        classes=len(source.class_names),
        learnt=training_count(train),
        local=not source.download_bytes or cache.intact(folder_of(name)) is not None,
        download_bytes=source.download_bytes,
    )


def title(name: str) -> str:
    """The data set's name for a person; an imported one is called by the start of its digest."""
    if name in all_sources():
        return all_sources()[name].title
    return f"own data {name.removeprefix('npz-')[:8]}"


def class_names(name: str) -> tuple[str, ...]:
    """A name for each label, such as 'Ankle boot'; numbers where the data set has no names.

    Raises:
        InvalidInput: no data set can have that name.
        DatasetError: an imported one is gone or damaged.
    """
    if is_imported(name):
        return content_of(name).labels
    return source_of(name).class_names


def notices(settings: DataSettings) -> tuple[Notice, ...]:
    """What a person should know of a data set that is read as these settings say.

    Nothing of a built-in data set that is read as usual.

    Raises:
        InvalidInput, DatasetError: as `load`.
    """
    looked = _looked(settings)
    return notices_of(*looked) if looked else ()


def check_usable(settings: DataSettings) -> None:
    """Refuse, before anything runs, what a worker would refuse of a person's own data.

    Raises:
        InvalidInput: see `check_reach`; DatasetError: the data set is not here any more.
    """
    looked = _looked(settings)
    if looked:
        seen, _ = looked
        check_reach(max(seen.train.reach, seen.test.reach))


def expression(settings: DataSettings, name: str) -> str:
    """What a network reads of a data set, as an expression of NumPy of the stored images.

    Args:
        settings: that name the data set and how it is read.
        name: of the stored images in the expression.

    Raises:
        InvalidInput, DatasetError: as `load`.
    """
    looked = _looked(settings)
    if looked:
        _, reading = looked
        return reading.expression(name)
    return usual(source_of(settings.dataset).dtype).expression(name)


def written(name: str) -> tuple[str, str]:
    """How a person's own file has its test data: the images' name, and labels as an expression.

    The expression is of ``data``, the open file, and gives one label for each image: whole numbers,
    or text.

    Raises:
        DatasetError: the data set is gone or damaged.
    """
    seen = content_of(name)
    images, labels = seen.arrays
    if seen.written == ONE_HOT:
        return images, f"data[{labels!r}].argmax(axis=1)"
    flat = f"data[{labels!r}].ravel()"
    if seen.written == NUMBERS:
        return images, f"{flat}.astype(int)"
    text = f"{flat}.astype(str)" if seen.written == TEXT else f'np.char.decode({flat}, "utf-8")'
    return images, f"np.char.strip({text})"


def is_text(name: str) -> bool:
    """Whether a person's own file writes its labels as text; raises as `written`."""
    return content_of(name).written in {TEXT, BYTES}


def settled(settings: Kind) -> Kind:
    """The settings with the scale and channels that their data ask for, where that is not usual.

    So what is read in another way than earlier versions did is another run, and what is read
    alike is the same run, whether somebody said so or not. Settings inside are settled too; a
    data set that is not on this machine leaves them as they are.

    Raises:
        InvalidInput: the data set cannot be read in this way.
    """
    if isinstance(settings, DataSettings):
        return cast("Kind", _settled(settings))
    changed: dict[str, Any] = {}
    for field in dataclasses.fields(settings):  # type: ignore[arg-type]
        value = getattr(settings, field.name)
        if dataclasses.is_dataclass(value):
            changed[field.name] = settled(value)
    return dataclasses.replace(settings, **changed) if changed else settings  # type: ignore[type-var]


def _settled(data: DataSettings) -> DataSettings:
    if not is_imported(data.dataset):
        if data.channels == "first":
            raise refuse("channels", f"auto or last for {data.dataset}", data.channels)
        scale = AUTO if data.scale in USUAL_SCALES else data.scale
        return dataclasses.replace(data, scale=scale, channels=AUTO)
    try:
        seen = content_of(data.dataset)
    except DatasetError:
        return data
    scale, channels = resolve(seen, data.scale, data.channels)
    return dataclasses.replace(data, scale=scale, channels=channels)


def _looked(settings: DataSettings) -> tuple[Content, Reading] | None:
    """What a data set holds and how it is read; None of a built-in one that is read as ever."""
    if read_as_ever(settings.dataset, settings.scale, settings.channels):
        return None
    seen = content_of(settings.dataset)
    return seen, reading_of(seen, scale=settings.scale, channels=settings.channels)
