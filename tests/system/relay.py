"""Stands between a client and a server, and is no good line."""

import socket
import threading


class Relay:
    """Hands one request on to `url` and its answer back, each piece of it as `on_piece(bytes so far, piece)` gives it; with
    None the connection is cut. `url` is where it listens, once."""

    def __init__(self, url, on_piece):
        self._server = url.removeprefix("http://").split(":")
        self._on_piece = on_piece
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        client, _ = self._listener.accept()
        self._listener.close()
        with client, socket.create_connection(self._server, timeout=30) as server:
            server.sendall(client.recv(65536))  # a head is short
            done = 0
            while piece := server.recv(65536):
                piece, done = self._on_piece(done, piece), done + len(piece)
                if piece is None:
                    return
                client.sendall(piece)

    def join(self):
        self._thread.join(30)
        assert not self._thread.is_alive()
