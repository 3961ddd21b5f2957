"""What a browser gets in one go: all of it, in order; only heads wait, and not for long."""

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.server.gulps import LARGEST_HEAD, MOST_SECONDS, Gulps


def head():
    message = ForwardMsg()
    message.new_session.name = "x" * 1_000  # real ones are as long
    return message.SerializeToString()


def block():
    message = ForwardMsg()
    message.delta.add_block.SetInParent()
    return message.SerializeToString()


def element(text="shown"):
    message = ForwardMsg()
    message.delta.new_element.markdown.body = text
    return message.SerializeToString()


def end():
    return ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY).SerializeToString()


async def silence():
    """Nothing is received."""
    return {}


KINDS = (head(), block(), element(), end(), element("x" * LARGEST_HEAD), b"")


def sent(data, *, wait=0.0, scope="websocket"):
    """What leaves, with the seconds since the application began."""
    out, begun = [], time.monotonic()

    async def send(message):
        await asyncio.sleep(0)
        out.append((message["bytes"], time.monotonic() - begun))

    async def application(_scope, _receive, send):
        for each in data:
            await send({"type": "websocket.send", "bytes": each})
        await asyncio.sleep(wait)

    asyncio.run(Gulps(application)({"type": scope}, silence, send))
    return out


def test_a_head_leaves_with_the_first_thing_that_is_shown():
    assert sent([head(), end(), block()]) == []  # the connection ended before anything was shown
    data = [head(), end(), block(), element(), block()]
    assert [each for each, _ in sent(data)] == data


def test_where_nothing_is_shown_a_head_leaves_all_the_same():
    (found, at), (other, _) = sent([head(), block()], wait=MOST_SECONDS + 1)
    assert (found, other) == (head(), block())
    assert at >= MOST_SECONDS * 0.9


@given(st.lists(st.sampled_from(KINDS), max_size=12))
def test_everything_arrives_in_the_order_in_which_it_was_sent(data):
    assert [each for each, _ in sent([*data, element()])] == [*data, element()]


@pytest.mark.parametrize("data", [block(), element(), end(), b""])
def test_without_a_head_nothing_waits(data):
    assert [each for each, _ in sent([data])] == [data]


def test_two_who_send_at_once_keep_their_order():
    out = []

    async def send(message):
        await asyncio.sleep(0.01)
        out.append(message["bytes"])

    async def application(_scope, _receive, send):
        async def say(data):
            await send({"type": "websocket.send", "bytes": data})

        await say(head())
        await asyncio.gather(say(element("a")), say(element("b")))

    asyncio.run(Gulps(application)({"type": "websocket"}, silence, send))
    assert out == [head(), element("a"), element("b")]


def test_who_has_gone_stops_nobody():
    async def send(_message):
        raise OSError("gone")

    async def application(_scope, _receive, send):
        await send({"type": "websocket.send", "bytes": head()})
        await asyncio.sleep(MOST_SECONDS * 2)
        with pytest.raises(OSError, match="gone"):
            await send({"type": "websocket.send", "bytes": element()})

    asyncio.run(Gulps(application)({"type": "websocket"}, silence, send))


def test_what_is_no_websocket_passes():
    assert [each for each, _ in sent([head()], scope="http")] == [head()]
