"""A thin HTTP client: no retries, no redirects, no proxies. Tests see what the server said."""

import dataclasses
import typing

import requests


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    headers: typing.Mapping[str, str]  # names in any case
    body: bytes
    json: typing.Any  # the parsed body; None where it is not JSON


class Client:
    """Speaks to a server that may move: `url` is a function, since a restart takes another port. One thread uses it."""

    def __init__(self, url, key=None, timeout_s=30):
        self._url = url
        self._timeout_s = timeout_s
        self._session = requests.Session()
        self._session.trust_env = False
        if key:
            self._session.headers["Authorization"] = f"Bearer {key}"

    def request(self, method, path, json=None, body=None, headers=None, params=None):
        response = self._session.request(
            method, self._url() + path, json=json, data=body, headers=headers, params=params,
            timeout=self._timeout_s, allow_redirects=False)
        is_json = "json" in response.headers.get("Content-Type", "") and response.content
        return Answer(response.status_code, response.headers, response.content, response.json() if is_json else None)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, json=None, **options):
        return self.request("POST", path, json=json, **options)

    def put(self, path, json=None, **options):
        return self.request("PUT", path, json=json, **options)

    def patch(self, path, json=None, **options):
        return self.request("PATCH", path, json=json, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)
