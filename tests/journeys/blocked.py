"""A network that lets pages through and no websocket: a proxy that answers 403 to ``/socket.io``, as at some work."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextmanager
def blocking_proxy(listening: socket.socket, port: int) -> Iterator[list[bytes]]:
    """Serve on a bound socket, before the server on ``port``; gives the first lines that were refused."""
    refused: list[bytes] = []
    listening.listen()

    def accept() -> None:
        with suppress(OSError):
            while True:
                near, _address = listening.accept()
                threading.Thread(target=_serve, args=(near, port, refused), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield refused
    listening.close()


def _serve(near: socket.socket, port: int, refused: list[bytes]) -> None:
    with near, suppress(OSError):
        head = near.recv(65536)
        if head.startswith(b"GET /socket.io"):
            refused.append(head.split(b"\r\n", 1)[0])
            near.sendall(REFUSAL)
            return
        with socket.create_connection(("127.0.0.1", port)) as far:
            far.sendall(head)
            back = threading.Thread(target=_pipe, args=(far, near), daemon=True)
            back.start()
            _pipe(near, far)
            back.join()


def _pipe(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
