"""Which array of a stranger's .npz is which: their names vary, what they hold is looked at."""

import re
from collections.abc import Callable, Mapping, Sequence

from engine.checks import MAX_SHOWN, shown
from engine.datasets.source import ARRAYS
from engine.errors import InvalidInput

VALIDATION = ("x_val", "y_val")
ROLES = (*ARRAYS, *VALIDATION)
MOST_LISTED = 5
"""Arrays that a refusal lists."""

_WORDS = {
    "train": ("train", "training", "tr"),
    "test": ("test", "testing", "te"),
    "val": ("val", "valid", "validation", "dev"),
    "x": ("x", "image", "images", "img", "imgs", "data", "feature", "features", "inputs"),
    "y": ("y", "label", "labels", "lbl", "lbls", "target", "targets", "class", "classes"),
}
_MEANING = {word: meaning for meaning, words in _WORDS.items() for word in words}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_GLUED = re.compile(r"([xy])(train|test|val|valid)")
_UNNAMED = tuple(f"arr_{number}" for number in range(4))
_ORDERS = (ARRAYS, ("x_train", "x_test", "y_train", "y_test"))
"""How Keras and scikit-learn return the four arrays: files of arrays without names follow them."""


def role_of(name: str) -> str | None:
    """Which array the name is meant for, such as ``x_train`` for ``train_images``; or None."""
    if len(name) > MAX_SHOWN or not name.isprintable():
        return None  # names stand in messages of one line
    glued = _GLUED.fullmatch(name.lower())
    words = glued.groups() if glued else [word.lower() for word in _WORD.findall(name)]
    meanings = {_MEANING.get(word) for word in words}
    return next((role for role in ROLES if meanings == set(role.split("_"))), None)


def names_by_role(
    names: Sequence[str], shape_of: Callable[[str], tuple[int, ...]]
) -> tuple[dict[str, str], str]:
    """The name of the array for each role: the four `ARRAYS`, and both of `VALIDATION` or none.

    Args:
        names: of the arrays in the file.
        shape_of: the shape of an array by its name; empty where there is none to be read.

    Returns:
        The names, and a line about validation images without labels or the reverse, if any.

    Raises:
        InvalidInput: a role has no array, or several; the line lists what the file holds.
    """
    found: dict[str, str] = {}
    for name in sorted(names, key=lambda name: name not in ROLES):  # exact names go first
        role = role_of(name)
        if role is None or found.get(role) == role:
            continue
        if role in found:
            raise InvalidInput(
                f"the .npz file must hold {role} once, not as {found[role]} and as {name}"
            )
        found[role] = name
    if not found and set(_UNNAMED) <= set(names):
        shapes = [shape_of(name) for name in _UNNAMED]
        for order in _ORDERS:
            if _fit(dict(zip(order, shapes, strict=True))):
                found = dict(zip(order, _UNNAMED, strict=True))
    missing = [role for role in ARRAYS if role not in found]
    if missing:
        listed = names[:MOST_LISTED]
        told = [f"{shown(name)[1:-1][:20]} {shape_of(name) or ''}".strip() for name in listed]
        told += [f"{len(names) - MOST_LISTED} more"] if len(names) > MOST_LISTED else []
        raise InvalidInput(
            f"the .npz file must hold {', '.join(ARRAYS)}; it lacks {', '.join(missing)} "
            f"and holds {', '.join(told) or 'nothing'}"
        )
    aside = ""
    if ("x_val" in found) != ("y_val" in found):
        there, lacking = VALIDATION if "x_val" in found else VALIDATION[::-1]
        aside = f"{found.pop(there)} is left aside without its {lacking}"
    return {role: found[role] for role in ROLES if role in found}, aside


def _fit(shapes: Mapping[str, tuple[int, ...]]) -> bool:
    train, test = shapes["x_train"], shapes["x_test"]
    if not all(shapes.values()) or len(train) < 2 or train[1:] != test[1:]:
        return False
    return all(shapes[f"x_{part}"][0] == shapes[f"y_{part}"][0] for part in ("train", "test"))
