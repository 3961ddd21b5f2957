"""What pages tell of a data set before anyone loads it."""

from dataclasses import dataclass

from engine.datasets import cache
from engine.datasets.catalogue import ABOUT, BundledSource, download_bytes, shapes
from engine.datasets.dataset import Dataset
from engine.datasets.library import is_imported, load, source_of
from engine.datasets.places import folder_of


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetSummary:
    """What a page shows of a data set before anyone loads it.

    Attributes:
        name: as in the settings.
        title: for a person.
        train: number of training images.
        test: number of test images.
        image_shape: of one image.
        classes: number of labels.
        dtype: of the images: uint8 or float32.
        origin: who made it and where it comes from.
        license: under which terms, in a few words.
        local: whether it can be used without a download.
        download_bytes: about how much a first use downloads; 0 where nothing is.
    """

    name: str
    title: str
    train: int
    test: int
    image_shape: tuple[int, ...]
    classes: int
    dtype: str
    origin: str
    license: str
    local: bool
    download_bytes: int


def describe(name: str) -> DatasetSummary:
    """The data set's figures, without downloading or decoding anything.

    Raises:
        InvalidInput: no data set can have that name.
        DatasetError: an imported one is gone or damaged.
    """
    if is_imported(name):
        return _describe_imported(load(name))
    source, about = source_of(name), ABOUT[name]
    sizes = shapes(source)
    return DatasetSummary(
        name=name,
        title=about.title,
        train=sizes["x_train"][0],
        test=sizes["x_test"][0],
        image_shape=sizes["x_train"][1:],
        classes=len(about.class_names),
        dtype="uint8",
        origin=about.origin,
        license=about.license,
        local=isinstance(source, BundledSource) or cache.intact(folder_of(name)) is not None,
        download_bytes=download_bytes(source),
    )


def class_names(name: str) -> tuple[str, ...]:
    """A name for each label, such as 'Ankle boot'; numbers where the data set has no names.

    Raises:
        InvalidInput: no data set can have that name.
        DatasetError: an imported one is gone or damaged.
    """
    if is_imported(name):
        return tuple(str(label) for label in range(load(name).classes))
    return ABOUT[source_of(name).name].class_names


def _describe_imported(dataset: Dataset) -> DatasetSummary:
    return DatasetSummary(
        name=dataset.name,
        title=f"own data {dataset.name.removeprefix('npz-')[:8]}",
        train=len(dataset.y_train),
        test=len(dataset.y_test),
        image_shape=dataset.image_shape,
        classes=dataset.classes,
        dtype=dataset.x_train.dtype.name,
        origin="an imported .npz file",
        license="its owner's",
        local=True,
        download_bytes=0,
    )
