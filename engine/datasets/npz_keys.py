"""Which array of a stranger's .npz is which: their names vary, what they hold is looked at."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from engine.checks import shown
from engine.errors import InvalidInput

TRAIN, TEST, VALIDATION = "train", "test", "val"
REQUIRED = ("x_train", "y_train", "x_test", "y_test")
OPTIONAL = ("x_val", "y_val")

_PARTS: Mapping[str, str] = {
    **dict.fromkeys(("train", "training", "tr"), TRAIN),
    **dict.fromkeys(("test", "testing", "te"), TEST),
    **dict.fromkeys(("val", "valid", "validation", "dev"), VALIDATION),
}
_IMAGES = frozenset(
    ["x", "image", "images", "img", "imgs", "data", "feature", "features", "inputs"]
)
_LABELS = frozenset(
    ["y", "label", "labels", "lbl", "lbls", "target", "targets", "class", "classes"]
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_GLUED = re.compile(r"^([xy])(train|test|val|valid)$")
_ARR = tuple(f"arr_{i}" for i in range(4))
MOST = 5
"""Arrays that a refusal lists."""


ShapeOf: TypeAlias = Callable[[str], tuple[int, ...]]
"""The shape of an array of the file, by its name there; empty where there is none to be read."""


def role_of(name: str) -> str | None:
    """Which array the name is meant for, such as ``x_train`` for ``train_images``; or None."""
    if name in REQUIRED or name in OPTIONAL:
        return name
    glued = _GLUED.match(name.lower())
    words = list(glued.groups()) if glued else [word.lower() for word in _WORDS.findall(name)]
    parts = {_PARTS[word] for word in words if word in _PARTS}
    kinds = {"x" for word in words if word in _IMAGES} | {"y" for w in words if w in _LABELS}
    known = all(word in _PARTS or word in _IMAGES or word in _LABELS for word in words)
    if len(parts) != 1 or len(kinds) != 1 or not known:
        return None
    return f"{kinds.pop()}_{parts.pop()}"


def roles(names: Sequence[str], shape_of: ShapeOf) -> dict[str, str]:
    """The name of the array for each role; x_val and y_val only where both are there.

    Raises:
        InvalidInput: a role has no array, or several; the line lists what the file holds.
    """
    found = {name: name for name in names if name in REQUIRED or name in OPTIONAL}
    exact = set(found)
    for name in names:
        role = role_of(name)
        if role is None or role in exact:
            continue
        if role in found:
            raise InvalidInput(
                f"the .npz file must hold {role} once, not as {found[role]} and as {name}"
            )
        found[role] = name
    if not found and set(_ARR) <= set(names):  # no names: the order of Keras, or of scikit-learn
        shapes = [shape_of(name) for name in _ARR]
        for order in (REQUIRED, ("x_train", "x_test", "y_train", "y_test")):
            if _fits(dict(zip(order, shapes, strict=True))):
                found = dict(zip(order, _ARR, strict=True))
    missing = [role for role in REQUIRED if role not in found]
    if missing:
        told = [f"{shown(name)[1:-1][:20]} {shape_of(name) or ''}".strip() for name in names[:MOST]]
        told += [f"{len(names) - MOST} more"] if len(names) > MOST else []
        raise InvalidInput(
            f"the .npz file must hold {', '.join(REQUIRED)}; it lacks {', '.join(missing)} "
            f"and holds {', '.join(told) or 'nothing'}"
        )
    has_validation = all(role in found for role in OPTIONAL)
    return found if has_validation else {role: found[role] for role in REQUIRED}


def lonely(names: Sequence[str]) -> tuple[str, str] | None:
    """Validation images without labels or the reverse: the name there, and what is missing."""
    found = {role_of(name): name for name in names}
    there = [role for role in OPTIONAL if role in found]
    if len(there) != 1:
        return None
    (missing,) = set(OPTIONAL) - set(there)
    return found[there[0]], missing


def _fits(shapes: Mapping[str, tuple[int, ...]]) -> bool:
    train, test = shapes["x_train"], shapes["x_test"]
    if not all(shapes.values()) or len(train) < 2 or train[1:] != test[1:]:
        return False
    return all(shapes[f"x_{part}"][0] == shapes[f"y_{part}"][0] for part in (TRAIN, TEST))
