"""A network that can be cut: a proxy before the running product, on an address of its own."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit


class Network:
    """Passes bytes on to the product, or, while it is cut, hangs up on everybody."""

    def __init__(self, product: str) -> None:
        target = urlsplit(product)
        self.target = (target.hostname or "", target.port or 80)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.is_cut = False
        self.open: set[Any] = set()

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self.listener.accept()
                if self.is_cut:
                    client.close()
                else:
                    threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: Any) -> None:
        with suppress(OSError), client, socket.create_connection(self.target) as server:
            self.open |= {client, server}
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server)
            back.join()

    def _pump(self, source: Any, sink: Any) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        self.is_cut = True
        for each in self.open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.open.clear()

    def restore(self) -> None:
        self.is_cut = False


@contextmanager
def network_before(product: str) -> Iterator[Network]:
    network = Network(product)
    threading.Thread(target=network.serve, daemon=True).start()
    yield network
    network.cut()
    network.listener.close()
