"""A bounded load of whole visits: GET the form, POST it, follow to the receipt."""

import http.client
import itertools
import json
import re
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable
from urllib.parse import urlencode

_HIDDEN = re.compile(rb'<input type="hidden" name="([^"]+)"(?: id="\w+")? value="([^"]*)"')


_turns = itertools.count()


class Visit:
    """One customer with a fresh connection, an address of their own (else they would be one program that
    stuffs a ballot) and no cookies of before; every second one reads German."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.cookies: dict[str, str] = {}
        turn = next(_turns)
        self.headers = {
            "X-Forwarded-For": f"10.{turn >> 16 & 255}.{turn >> 8 & 255}.{turn & 255}",
            "Accept-Language": "de,en;q=0.5" if turn % 2 else "en",
        }

    def send(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes, str]:
        headers = self.headers | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return answer.status, content, answer.headers.get("Location", "")


def whole_flow(port: int, path: str, answers: dict[str, str]) -> None:
    """Raises AssertionError where the product does not accept the card."""
    visit = Visit(port)
    status, page, _ = visit.send("GET", path)
    assert status == 200, status
    fields = {name.decode(): value.decode() for name, value in _HIDDEN.findall(page)}
    status, page, receipt = visit.send("POST", path, urlencode({**fields, **answers}))
    assert status in (302, 303), (status, page[:500])
    status, _, _ = visit.send("GET", receipt)
    assert status == 200, status
    visit.connection.close()


def post_envelope(port: int, slug: str) -> None:
    """One envelope by the API."""
    envelope = {"uid": str(uuid.uuid4()), "answers": {"visit": 4, "next": 1}}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/collectors/{slug}/responses",
        json.dumps(envelope).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 201, answer.status


def rate(task: Callable[[int], None], *, seconds: float, clients: int = 4, most: int = 5_000) -> float:
    """How often per second `task` was done by `clients` threads; stops after `seconds` or `most`."""
    done = [0] * clients
    stop_at = time.monotonic() + seconds

    def work(mine: int) -> None:
        while time.monotonic() < stop_at and done[mine] < most // clients:
            task(mine)
            done[mine] += 1

    started = time.monotonic()
    threads = [threading.Thread(target=work, args=(mine,)) for mine in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.monotonic() - started)
