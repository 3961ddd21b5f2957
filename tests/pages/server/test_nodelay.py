"""What the server writes leaves at once, also through a socket that was made without naming TCP."""

import socket

from pages.server import server


def test_a_connection_to_a_listening_socket_does_not_wait_for_more_to_send():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server._send_at_once()
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
