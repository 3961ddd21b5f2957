"""A browser reduced to its socket: it speaks Streamlit's protocol and measures the answers."""

from time import perf_counter
from types import TracebackType

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Subprotocol


class WebClient:
    """One session on one page, as `async with WebClient(address, "sweep", "run=…")`."""

    def __init__(self, address: str, page: str, query: str = "") -> None:
        self._page = page
        self._query = query
        self._hash = ""
        self._cached: set[str] = set()
        self._connection = websockets.connect(
            f"ws://{address}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
        )
        self.fragment = ""
        self.interval = 0.0

    async def __aenter__(self) -> "WebClient":
        self._socket = await self._connection.__aenter__()
        await self.rerun()  # the first visit is not what is measured
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._connection.__aexit__(kind, error, trace)

    async def rerun(self, *, fragment: str = "") -> float:
        """Ask for the page once more, or for one fragment of it; milliseconds to its last word."""
        begun = perf_counter()
        await self._socket.send(self._question(fragment).SerializeToString())
        while not self._is_last(await self._answer()):
            pass
        return 1000 * (perf_counter() - begun)

    def _question(self, fragment: str) -> BackMsg:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self._query
        state.page_script_hash = self._hash
        state.page_name = "" if self._hash else self._page
        state.fragment_id = fragment
        state.cached_message_hashes.extend(self._cached)
        return message

    async def _answer(self) -> ForwardMsg:
        message = ForwardMsg()
        message.ParseFromString(bytes(await self._socket.recv(decode=False)))
        if message.metadata.cacheable:
            self._cached.add(message.hash)  # a browser keeps it and is sent a reference later
        if message.WhichOneof("type") == "new_session":
            self._hash = message.new_session.page_script_hash
        if message.WhichOneof("type") == "auto_rerun":
            self.fragment = message.auto_rerun.fragment_id
            self.interval = message.auto_rerun.interval
        return message

    @staticmethod
    def _is_last(message: ForwardMsg) -> bool:
        if message.WhichOneof("type") != "script_finished":
            return False
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            raise RuntimeError("the page does not compile")
        return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
