"""What the built-in data sets are: sizes, digests, mirrors, names of their classes.

Digests are those of the *uncompressed* content wherever the format allows it: they hold for any
recompression, so every honest mirror is accepted and every damaged one refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from engine.datasets import cifar

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
BUNDLED_MNIST = Path(__file__).with_name("mnist.xz")


@dataclass(frozen=True, kw_only=True, slots=True)
class IdxPart:
    """One IDX file: its name, array shape, content digest and about how many bytes it sends."""

    filename: str
    shape: tuple[int, ...]
    sha256: str
    packed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class BundledSource:
    """IDX files that ship with the project: one .xz of their contents, one after the other."""

    name: str
    path: Path
    parts: Mapping[str, IdxPart]


@dataclass(frozen=True, kw_only=True, slots=True)
class IdxSource:
    """Gzipped IDX files, one for each array, below each of the mirrors."""

    name: str
    parts: Mapping[str, IdxPart]
    mirrors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CifarSource:
    """A binary CIFAR archive; it is one gzip stream of a tar, so only its MD5 is published."""

    name: str
    filename: str
    md5: str
    packed: int
    batch_images: int
    mirrors: tuple[str, ...]
    train_batches: tuple[str, ...] = tuple(f"data_batch_{n}.bin" for n in range(1, 6))
    test_batches: tuple[str, ...] = ("test_batch.bin",)


Source: TypeAlias = BundledSource | IdxSource | CifarSource


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a person should know about a data set, in words."""

    title: str
    origin: str
    license: str
    class_names: tuple[str, ...]


def shapes(source: Source) -> dict[str, tuple[int, ...]]:
    """Shape of each array of a source, without reading anything."""
    if isinstance(source, CifarSource):
        train = len(source.train_batches) * source.batch_images
        test = len(source.test_batches) * source.batch_images
        images = cifar.IMAGE_SHAPE
        sizes = ((train, *images), (train,), (test, *images), (test,))
        return dict(zip(ARRAYS, sizes, strict=True))
    return {name: part.shape for name, part in source.parts.items()}


def download_bytes(source: Source) -> int:
    """About how many bytes a first use sends over the network."""
    if isinstance(source, CifarSource):
        return source.packed
    return sum(part.packed for part in source.parts.values())


def _idx(digests: tuple[str, ...], packed: tuple[int, ...]) -> dict[str, IdxPart]:
    names = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    sizes = ((60_000, 28, 28), (60_000,), (10_000, 28, 28), (10_000,))
    rows = zip(ARRAYS, names, sizes, digests, packed, strict=True)
    return {
        array: IdxPart(filename=f"{name}-ubyte.gz", shape=shape, sha256=digest, packed=size)
        for array, name, shape, digest, size in rows
    }


MNIST = BundledSource(
    name="mnist",
    path=BUNDLED_MNIST,
    parts=_idx(
        (
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
        (0, 0, 0, 0),
    ),
)

FASHION_MNIST = IdxSource(
    name="fashion-mnist",
    parts=_idx(
        (
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
        (26_421_880, 29_515, 4_422_102, 5_148),
    ),
    mirrors=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
    ),
)

CIFAR_10 = CifarSource(
    name="cifar-10",
    filename="cifar-10-binary.tar.gz",
    md5="c32a1d4ab5d03f1284b67883e8d87530",
    packed=170_052_171,
    batch_images=10_000,
    mirrors=("https://www.cs.toronto.edu/~kriz",),
)

SOURCES: Mapping[str, Source] = {source.name: source for source in (MNIST, FASHION_MNIST, CIFAR_10)}

ABOUT: Mapping[str, About] = {
    "mnist": About(
        title="MNIST: handwritten digits",
        origin="Yann LeCun, Corinna Cortes, Christopher J. C. Burges; ships with Prunescope",
        license="CC BY-SA 3.0",
        class_names=tuple("0123456789"),
    ),
    "fashion-mnist": About(
        title="Fashion-MNIST: Zalando's articles of clothing",
        origin="Zalando SE; downloaded on first use",
        license="MIT",
        class_names=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
    ),
    "cifar-10": About(
        title="CIFAR-10: small colour photographs",
        origin="Alex Krizhevsky, Vinod Nair, Geoffrey Hinton; downloaded on first use",
        license="none stated by its authors, who ask to be cited (Krizhevsky 2009)",
        class_names=(
            "airplane",
            "automobile",
            "bird",
            "cat",
            "deer",
            "dog",
            "frog",
            "horse",
            "ship",
            "truck",
        ),
    ),
}
