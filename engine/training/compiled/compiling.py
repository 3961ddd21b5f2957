"""Functions of loops as machine code; the only module that knows Numba.

What is kept on disk is forgotten when Numba or the file of the loops changes. When this file
changes how they are compiled, change theirs too.
"""

from collections.abc import Callable, Iterable
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba

from engine.system.locking import exclusive

Taken = ParamSpec("Taken")
Given = TypeVar("Given")


def compiled(function: Callable[Taken, Given]) -> Callable[Taken, Given]:
    """Compile as part of what calls it, when that is first called."""
    return _njit(function, kept=False)


def compiled_for_good(function: Callable[Taken, Given]) -> Callable[Taken, Given]:
    """Compile once for this machine: kept on disk, like bytecode, where there is a place for it."""
    try:
        made: Any = _njit(function, kept=True)
    except RuntimeError:  # neither the installation nor the home can be written
        return _njit(function, kept=False)
    folder, name = Path(made.stats.cache_path), function.__name__

    @wraps(made)
    def call(*given: Taken.args, **named: Taken.kwargs) -> Given:
        if tuple(map(numba.typeof, given)) not in made.signatures:
            # Numba numbers its files without a lock: two processes could take the same number
            with exclusive(folder / f"{name}.lock", lambda: None):
                return _first(partial(made, *given, **named), folder.glob(f"*.{name}-*.nb[ci]"))  # type: ignore[no-any-return]
        return made(*given, **named)  # type: ignore[no-any-return]

    return call


def _first(call: Callable[[], Given], files: Iterable[Path]) -> Given:
    """The first call, which compiles, or loads from the files what an earlier process compiled."""
    try:
        return call()
    except Exception:  # a file is damaged, or the disk is full: nothing was begun yet
        for file in files:
            file.unlink(missing_ok=True)
        return call()


def _njit(function: Callable[Taken, Given], *, kept: bool) -> Callable[Taken, Given]:
    # sums may be made in another order, which vectors need; NaN and infinity stay what they are
    allowed = {"contract", "reassoc", "nsz", "arcp"}
    # A part that is not written into what calls it is optimised once more by itself. The process
    # that compiles would call that; others, which load what is kept, would differ in the last bits.
    inline = not kept
    njit: Any = numba.njit(
        nogil=True, error_model="numpy", fastmath=allowed, cache=kept, forceinline=inline
    )
    return njit(function)  # type: ignore[no-any-return]
