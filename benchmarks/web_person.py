"""A browser's socket with a person behind it: sets widgets, presses buttons, opens pages."""

from collections.abc import Callable, Mapping
from typing import Any

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.web_client import WebClient

Write = Callable[[WidgetState, Any], None]


def _field(name: str) -> Write:
    return lambda state, value: setattr(state, name, value)


def _list(name: str) -> Write:
    return lambda state, value: getattr(state, name).data.extend(value)


WIDGETS: Mapping[str, Write] = {
    "slider": _list("double_array_value"),
    "button_group": _list("string_array_value"),
    "selectbox": _field("string_value"),
    "text_input": _field("string_value"),
    "number_input": _field("double_value"),
    "checkbox": _field("bool_value"),
    "button": _field("trigger_value"),
}
"""How the value of each kind of widget is written, as Streamlit's own bundle does it."""


class Person(WebClient):
    """One session of somebody.

    Its `errors` are the red lines that it was shown, `exceptions` what the pages did not expect.
    """

    def __init__(self, address: str, page: str, query: str = "", *, cookie: str = "") -> None:
        super().__init__(address, page, query, cookie=cookie)
        self.errors: list[str] = []
        self.exceptions: list[str] = []
        self._kinds: dict[str, tuple[str, str]] = {}
        self._values: dict[str, Any] = {}

    @property
    def query(self) -> str:
        """The query of the address bar, as the page has changed it."""
        return self._query

    def has(self, key: str) -> bool:
        """Whether the page shows a widget of that key."""
        return key in self._kinds

    async def go(self, page: str, query: str = "") -> float:
        """Open another page; milliseconds."""
        self._page, self._query, self._hash = page, query, ""
        self._kinds, self._values, self.fragment = {}, {}, ""
        return await self.rerun()

    async def choose(self, **values: Any) -> float:
        """Set widgets by key (``_`` for ``-``), one rerun; milliseconds."""
        self._values |= {self._known(key.replace("_", "-")): v for key, v in values.items()}
        return await self.rerun()

    async def press(self, key: str) -> float:
        """Press a button; milliseconds."""
        self._values[self._known(key)] = True
        taken = await self.rerun()
        self._values.pop(key, None)
        return taken

    def _known(self, key: str) -> str:
        if key not in self._kinds:
            raise LookupError(f"{self._page} shows no {key}, only {sorted(self._kinds)}")
        return key

    def _question(self, fragment: str) -> BackMsg:
        message = super()._question(fragment)
        for key, value in self._values.items():
            name, kind = self._kinds[key]
            state = message.rerun_script.widget_states.widgets.add(id=name)
            WIDGETS[kind](state, value)
        return message

    async def _answer(self) -> ForwardMsg:
        message = await super()._answer()
        kind = message.WhichOneof("type")
        if kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        if kind == "delta":
            self._see(message)
        return message

    def _see(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = str(element.WhichOneof("type"))
        if kind in WIDGETS:
            name = str(getattr(element, kind).id)
            self._kinds[name.split("-", 2)[-1]] = (name, kind)
        if kind == "exception":
            told = element.exception
            self.exceptions.append(f"{self._page}: {told.type} {told.message}")
        if kind == "alert" and element.alert.format == Alert.ERROR:
            self.errors.append(f"{self._page}: {element.alert.body}")
