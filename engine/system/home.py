"""Where Prunescope keeps what it makes: `PRUNESCOPE_HOME`, or the platform's user data folder."""

import os
import tempfile
import uuid
from pathlib import Path

import platformdirs

from engine.errors import StorageError


def home() -> Path:
    """The home folder, created if need be.

    Raises:
        StorageError: it cannot be created or written to.
    """
    folder = Path(os.environ.get("PRUNESCOPE_HOME") or platformdirs.user_data_path("prunescope"))
    return writable(folder.expanduser().absolute())


def writable(folder: Path) -> Path:
    """The folder, created if need be and proven to take a file; raises StorageError if not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise StorageError(
            f"the home folder {folder} cannot be written ({error.strerror}): "
            "set PRUNESCOPE_HOME to a folder of yours"
        ) from None


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that others see the whole of it or nothing, also after a power cut.

    Raises:
        StorageError: the disk is full or refuses.
    """
    temporary = path.parent / f".tmp-{uuid.uuid4().hex}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)  # moved away, unless something failed
    except OSError as error:
        raise StorageError(f"cannot write {path.name}: {error.strerror or error}") from None
