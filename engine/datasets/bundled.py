"""The data set that ships with the project: IDX contents, one after the other, in one .xz file."""

import lzma

from engine.datasets import idx
from engine.datasets.catalogue import BundledSource
from engine.datasets.damaged import Damaged
from engine.errors import DatasetError


def read(source: BundledSource) -> dict[str, idx.Array]:
    """The arrays of a bundled source, each checked against its digest.

    Raises:
        DatasetError: the shipped file is missing or damaged.
    """
    try:
        return _parts(source)
    except (OSError, lzma.LZMAError, EOFError, Damaged):
        raise DatasetError(
            f"the {source.name} that ships with Prunescope is missing or damaged: "
            f"get {source.path.name} from the project again"
        ) from None


def _parts(source: BundledSource) -> dict[str, idx.Array]:
    with lzma.open(source.path) as stream:  # in the order of the parts, one at a time in memory
        return {
            name: idx.parse(stream.read(idx.length(part.shape)), part.shape, part.sha256)
            for name, part in source.parts.items()
        }
