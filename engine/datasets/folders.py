"""Where data sets lie under the home folder, and who may change them when."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from engine.errors import StorageError
from engine.system.home import home
from engine.system.locking import exclusive


def folder_of(name: str) -> Path:
    """Where the arrays of a data set lie."""
    return datasets_home() / name


def datasets_home() -> Path:
    """The folder of all data sets, created if need be.

    Raises:
        StorageError: it cannot be created.
    """
    folder = home() / "datasets"
    with storing("data sets"):
        folder.mkdir(exist_ok=True)
    return folder


def locked(name: str, waiting: Callable[[], None]) -> AbstractContextManager[None]:
    """The lock under which a data set's folder is made or replaced."""
    return exclusive(datasets_home() / f".{name}.lock", waiting)


@contextmanager
def storing(what: str) -> Iterator[None]:
    """Turn the disk's refusals inside the block into one line that names `what`."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot store {what}: {error.strerror or error}") from None
