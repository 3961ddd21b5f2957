"""What every data set that comes with the project, or with an extension, says of itself."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy.typing as npt

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
"""Images ``(n, *image_shape)``, channels last; labels ``(n,)`` from 0; training and test."""

Array: TypeAlias = npt.NDArray[Any]
Arrays: TypeAlias = dict[str, Array]
Progress: TypeAlias = Callable[[float, str], None]
"""Called with a fraction from 0 to 1 and a line for a person; may raise to stop."""


class Damaged(Exception):
    """A file's content is wrong; the message completes the sentence 'the file …'.

    Never shown as it is: a damaged cache is rebuilt, a damaged download is fetched elsewhere.
    """


@dataclass(frozen=True, kw_only=True)
class Source(ABC):
    """A data set: what a person should know of it, and how its arrays are made available.

    Attributes:
        name: as in settings, addresses and on the command line; stays for ever.
        order: where it stands in lists.
        title: its name for a person.
        origin: who made it and where it comes from.
        license: under which terms, in a few words.
        class_names: what each label means, in the order of the labels.
        dtype: of the images: uint8, or float32 as a network reads them.
    """

    name: str
    order: int
    title: str
    origin: str
    license: str
    class_names: tuple[str, ...]
    dtype: str = "uint8"

    @property
    @abstractmethod
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The shape of each of the `ARRAYS`, without reading anything."""

    @property
    def download_bytes(self) -> int:
        """About how many bytes a first use sends over the network; 0 where nothing is."""
        return 0

    @abstractmethod
    def read(self, scratch: Path, progress: Progress) -> Arrays:
        """The four `ARRAYS`, each checked against a digest.

        Args:
            scratch: an empty folder for files that are needed meanwhile.
            progress: see `Progress`.

        Raises:
            DatasetError: it cannot be downloaded, or what ships is damaged.
        """
