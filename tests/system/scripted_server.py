"""An HTTP server that answers as a script says, for faults that the real one does not have at will."""

import http.server
import json
import threading


class ScriptedServer:
    """`answers` are taken in turn, the last one again and again: (status, body), (status, body, headers), or None, which
    closes the connection once the request is read. `requests` is what came: (method, path, headers, body)."""

    def __init__(self, *answers):
        self._answers = list(answers)
        self.requests = []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                server.requests.append((self.command, self.path, self.headers, body))
                self.close_connection = True
                answer = server._answers.pop(0) if len(server._answers) > 1 else server._answers[0]
                if answer is None:
                    return
                status, content, *headers = answer
                data = json.dumps(content).encode()
                self.send_response(status)
                for name, value in (headers[0] if headers else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_DELETE = answer

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def answer_from_now(self, answer):
        self._answers[:] = [answer]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
