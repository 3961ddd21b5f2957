"""What was understood of a person's data, and what limits a result: told beside every number."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.checks import choice

CODES = (
    "scale",
    "scale-differs",
    "constant-images",
    "labels-renumbered",
    "labels-unused",
    "no-test-images",
    "no-training-images",
    "few-images",
    "unequal-classes",
    "channels-first",
    "one-hot",
    "keys-mapped",
    "few-validation-images",
    "clients-filled",
    "clients-left-out",
    "target-unsure",
)
"""What a notice can be about; scripts rely on these words."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One line for a person, and the word that scripts know it by.

    Attributes:
        code: one of `CODES`.
        text: what is so, and where it helps, what to do.
    """

    code: str
    text: str

    def __post_init__(self) -> None:
        """Raise InvalidInput for a code that nobody knows."""
        choice("notice", self.code, CODES)


def to_json(notices: Iterable[Notice]) -> list[dict[str, str]]:
    """The notices as every command writes them: ``[{"code": …, "text": …}]``."""
    return [{"code": each.code, "text": each.text} for each in notices]


def from_json(values: Iterable[Any]) -> tuple[Notice, ...]:
    """The notices that `to_json` wrote; raises InvalidInput for a code that nobody knows."""
    return tuple(Notice(each["code"], each["text"]) for each in values)
