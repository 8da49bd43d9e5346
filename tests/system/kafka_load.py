"""Clients that never give up: each repeats a create with its key until it is answered for good."""

import threading

import requests

from kafka_server import create

WRITERS = 8


class Load:
    """Creates contacts from several threads until it is ended. `new_client` makes a client for each."""

    def __init__(self, new_client, name="w"):
        self.made = {}
        self.positions = {}  # as answered, by e-mail
        self.refusals = []
        self._name = name
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(new_client(), number)) for number in range(WRITERS)]
        for thread in self._threads:
            thread.start()

    def _run(self, client, number):
        step = 0
        while not self._ending.is_set():
            email = f"{self._name}{number}-{step}@example.com"
            while not self._create(client, email):
                self._ending.wait(0.05)
            step += 1

    def _create(self, client, email):
        try:
            answer = create(client, email)
        except requests.RequestException:
            return False  # nobody knows yet
        if answer.status == 201:
            self.made[email] = answer.json["id"]
            self.positions[email] = int(answer.headers["Daybook-Position"])
            return True
        self.refusals.append((answer.status, answer.json["code"]))
        return False

    def end(self):
        """What is on its way is seen to its end before."""
        self._ending.set()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive()
