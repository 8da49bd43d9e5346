"""Many connections at once from one thread, each with one request in flight: the server is the bottleneck, not Python."""

import asyncio
import json
import urllib.parse


class Connection:
    """HTTP/1.1 over one socket, kept open; as much of it as a test of a server on the same machine needs."""

    def __init__(self, url, key):
        place = urllib.parse.urlsplit(url)
        self._host, self._port = place.hostname, place.port
        self._head = f" HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: Bearer {key}\r\n"

    async def open(self):
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    def close(self):
        self._writer.close()

    async def post(self, path, body, key):
        """(status, parsed body). Raises OSError or asyncio.IncompleteReadError where no whole answer came."""
        content = json.dumps(body).encode()
        head = (f"POST {path}{self._head}Content-Type: application/json\r\nIdempotency-Key: {key}\r\n"
                f"Content-Length: {len(content)}\r\n\r\n")
        self._writer.write(head.encode() + content)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in answer[1:] if line)
        received = await self._reader.readexactly(int(headers["content-length"]))
        return int(answer[0].split()[1]), json.loads(received)


async def _create(connection, email, key, refusals):
    """The body of the 201; None where it is not known what became of it. `refusals` takes the code of any other answer."""
    try:
        status, body = await connection.post("/v1/contacts", {"email": email}, key)
    except (OSError, asyncio.IncompleteReadError):
        return None
    assert status == 201 or status >= 500, body
    if status != 201:
        refusals.append(body["code"])
    return body if status == 201 else None


async def _load(url, key, count, first_email, on_flowing, refusals):
    answers = {}
    created = 0

    async def one(number):
        nonlocal created
        connection = Connection(url, key)
        try:
            await connection.open()
        except OSError:
            return
        for step in range(1_000_000):
            email = first_email.format(number, step)
            answers[email] = await _create(connection, email, f"key of {email}", refusals)
            if answers[email] is None:
                return connection.close()
            created += 1
            if created == count:
                on_flowing()

    await asyncio.gather(*(one(number) for number in range(count)))
    return answers


def create_until_gone(url, key, count, emails, on_flowing, refusals=None):
    """`count` connections create contacts until the server is gone; {e-mail: body of its 201, or None where that is not
    known}. `emails` is a format of connection and step; the Idempotency-Key is `key of <e-mail>`. `on_flowing` is
    called once as many were created as there are connections; `refusals`, a list, takes the codes of those that were
    answered, but not with 201."""
    return asyncio.run(_load(url, key, count, emails, on_flowing, [] if refusals is None else refusals))


async def _again(url, key, emails):
    connection = Connection(url, key)
    await connection.open()
    answers = {email: await _create(connection, email, f"key of {email}", []) for email in emails}
    connection.close()
    return answers


def create_again(url, key, emails):
    """Repeats the same requests with their keys, one after the other."""
    return asyncio.run(_again(url, key, emails))
