"""HTTP as bytes: methods, negotiation, sizes, tracing, compression, order. Sockets, for clients hide such things."""

import gzip
import json
import socket
import time

import pytest

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Wire:
    """A connection on which answers are read one by one."""

    def __init__(self, server):
        host, port = server.url.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=30)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, method, target, *headers, body=b"", key=None):
        lines = [f"{method} {target} HTTP/1.1", "Host: daybook", *headers]
        if key:
            lines.append(f"Authorization: Bearer {key}")
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    def fill(self):
        more = self.socket.recv(65536)
        self.buffer += more
        return bool(more)

    def answer(self, bodiless=False):
        """Status, headers with lower-case names, body."""
        while b"\r\n\r\n" not in self.buffer:
            assert self.fill(), f"closed after {self.buffer}"
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        status, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        size = 0 if bodiless else int(headers.get("content-length", 0))
        while len(self.buffer) < size:
            assert self.fill(), "closed within a body"
        body, self.buffer = self.buffer[:size], self.buffer[size:]
        return int(status.split()[1]), headers, body

    def is_closed(self):
        return self.socket.recv(1) == b""


@pytest.fixture
def wire(daybook):
    with Wire(daybook) as connection:
        yield connection


def assert_problem(answer, status, code):
    assert (answer[0], json.loads(answer[2])["code"]) == (status, code)
    assert answer[1]["content-type"] == "application/problem+json"
    assert json.loads(answer[2])["request_id"] == answer[1]["x-request-id"]


def test_head_is_get_without_a_body(wire, workspace):
    wire.send("GET", "/v1/me", key=workspace.key)
    _, got, body = wire.answer()
    wire.send("HEAD", "/v1/me", key=workspace.key)
    status, headers, _ = wire.answer(bodiless=True)
    assert (status, headers["content-length"], headers["content-type"]) == (200, str(len(body)), got["content-type"])
    wire.send("GET", "/livez")
    assert wire.answer()[0] == 200


def test_options_and_other_methods_say_what_is_allowed(wire):
    wire.send("OPTIONS", "/v1/contacts")
    status, headers, _ = wire.answer()
    assert (status, headers["allow"]) == (204, "OPTIONS, GET, HEAD, POST")
    wire.send("DELETE", "/v1/contacts")
    answer = wire.answer()
    assert_problem(answer, 405, "method_not_allowed")
    assert answer[1]["allow"] == "OPTIONS, GET, HEAD, POST"
    wire.send("OPTIONS", "/nowhere")
    assert_problem(wire.answer(), 404, "not_found")


def test_only_what_is_accepted_is_sent(wire, workspace):
    wire.send("GET", "/v1/me", "Accept: text/html, text/*", key=workspace.key)
    assert_problem(wire.answer(), 406, "not_acceptable")
    wire.send("POST", "/v1/tags", "Accept: text/csv", body=b'{"name":"a"}', key=workspace.key)
    assert_problem(wire.answer(), 406, "not_acceptable")
    wire.send("GET", "/v1/tags", "Accept: text/html;q=0.9, */*;q=0.1", key=workspace.key)
    status, _, body = wire.answer()
    assert (status, json.loads(body)["data"]) == (200, [])
    wire.send("GET", "/docs", "Accept: application/json")
    assert_problem(wire.answer(), 406, "not_acceptable")


def test_what_is_too_large_is_refused_and_the_connection_closed(daybook, workspace):
    for request, status, code in (
            ((("POST", "/v1/tags", "Content-Length: 2000000"), {"key": workspace.key}), 413, "too_large"),
            ((("GET", "/" + "a" * 9000), {}), 414, "uri_too_long"),
            ((("GET", "/livez", "X-Long: " + "a" * 17000), {}), 431, "header_too_large")):
        with Wire(daybook) as wire:
            arguments, options = request
            wire.send(*arguments, **options)
            assert_problem(wire.answer(), status, code)
            assert wire.is_closed()


def test_bodies_are_json_and_not_compressed(wire, workspace):
    for header in ("Content-Type: text/plain", "Content-Type: text/jsonish", "Content-Encoding: gzip"):
        wire.send("POST", "/v1/tags", header, body=b'{"name":"a"}', key=workspace.key)
        assert_problem(wire.answer(), 415, "unsupported_media_type")
    wire.send("POST", "/v1/tags", "Content-Type: application/json; charset=utf-8", body=b'{"name":"a"}', key=workspace.key)
    assert wire.answer()[0] == 201


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(wire, workspace):
    body = b'{"name":"a"}'
    wire.send("POST", "/v1/tags", "Expect: 100-continue", f"Content-Length: {len(body)}", key=workspace.key)
    assert wire.answer(bodiless=True)[0] == 100
    wire.socket.sendall(body)
    assert wire.answer()[0] == 201


def test_an_upload_is_refused_before_it_is_sent(daybook, workspace):
    for key, status, code in ((None, 401, "unauthenticated"), (daybook.operator_key(), 403, "forbidden")):
        with Wire(daybook) as wire:
            wire.send("POST", "/v1/imports?kind=contacts", "Expect: 100-continue", "Content-Length: 1000000000", key=key)
            assert_problem(wire.answer(), status, code)
            assert wire.is_closed()


def test_another_expectation_fails(wire):
    wire.send("GET", "/livez", "Expect: a-miracle")
    assert_problem(wire.answer(), 417, "expectation_failed")


def test_a_request_that_does_not_come_to_its_end_times_out(wire):
    started = time.monotonic()
    wire.socket.sendall(b"GET /livez HTTP/1.1\r\nHost: a\r\n")
    assert_problem(wire.answer(), 408, "request_timeout")
    assert 8 < time.monotonic() - started < 20
    assert wire.is_closed()


def test_request_ids_and_traces_go_in_and_out(wire, workspace):
    wire.send("POST", "/v1/tags", "X-Request-Id: mine-1", f"traceparent: {TRACE}", body=b'{"name":"a"}', key=workspace.key)
    status, headers, _ = wire.answer()
    assert (status, headers["x-request-id"]) == (201, "mine-1")
    version, trace, span, flags = headers["traceparent"].split("-")
    assert (version, trace, flags) == ("00", TRACE.split("-")[1], "01")
    assert len(span) == 16 and span != TRACE.split("-")[2]
    event = workspace.client.get("/v1/events?types=tag.*").json["data"][0]
    assert event["traceparent"] == TRACE
    assert workspace.client.get("/v1/audit?action=tag.created").json["data"][0]["request_id"] == "mine-1"
    wire.send("GET", "/v1/nothing", "X-Request-Id: mine-2", f"traceparent: {TRACE}")
    status, headers, body = wire.answer()
    assert (status, headers["x-request-id"], json.loads(body)["request_id"]) == (404, "mine-2", "mine-2")
    assert headers["traceparent"].startswith(TRACE[:36])


def test_a_trace_or_request_id_that_is_none_is_left_out(wire, workspace):
    bad = "x" * 129
    wire.send("POST", "/v1/tags", f"X-Request-Id: {bad}", "traceparent: 00-nothing", body=b'{"name":"a"}', key=workspace.key)
    status, headers, _ = wire.answer()
    assert status == 201
    assert headers["x-request-id"] != bad and len(headers["x-request-id"]) == 36
    assert "traceparent" not in headers
    assert "traceparent" not in workspace.client.get("/v1/events?types=tag.*").json["data"][0]


def test_large_answers_are_compressed_where_that_is_accepted(wire):
    wire.send("GET", "/openapi.json")
    _, plain_headers, plain = wire.answer()
    wire.send("GET", "/openapi.json", "Accept-Encoding: gzip")
    _, headers, packed = wire.answer()
    assert "content-encoding" not in plain_headers and plain_headers["vary"] == "Accept-Encoding"
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
    wire.send("GET", "/livez", "Accept-Encoding: gzip")
    assert "content-encoding" not in wire.answer()[1]


def test_pipelined_requests_are_answered_in_order(wire, workspace):
    for number in range(20):
        wire.send("POST", "/v1/tags", body=json.dumps({"name": f"t{number}"}).encode(), key=workspace.key)
    assert [json.loads(wire.answer()[2])["name"] for _ in range(20)] == [f"t{number}" for number in range(20)]
