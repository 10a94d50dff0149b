"""Whose address is counted behind proxies: only what a trusted one has added."""

import socket
from threading import Thread

import pytest
from flask import Flask, request

from indexer.installation import Installation
from indexer.serving import listening
from kb.settings import BadSetting, from_environment
from kb.web import proxies
from tests.web.real_site import opened_site
from tests.web.signing_in import token

FORGED, NEAR, PROXY = "203.0.113.9", "198.51.100.7", "192.0.2.1"
HEADERS = {"X-Forwarded-For": f"{FORGED}, {NEAR}", "X-Forwarded-Proto": "https",
           "X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Prefix": "/x"}  # fmt: skip


def told(hops: int, headers: dict[str, str]) -> list[str]:
    """Address, scheme and host as a route sees them."""
    app = Flask(__name__)
    app.add_url_rule("/", "who", lambda: f"{request.remote_addr} {request.host_url}")
    proxies.trust(app, hops)
    answer = app.test_client().get("/", headers=headers, environ_base={"REMOTE_ADDR": PROXY})
    return answer.get_data(as_text=True).split()


@pytest.mark.parametrize(
    ("hops", "address", "site"),
    [
        (0, PROXY, "http://localhost/"),
        (1, NEAR, "https://localhost/"),
        (2, FORGED, "http://localhost/"),
        (3, PROXY, "http://localhost/"),
    ],
)
def test_only_what_so_many_proxies_added_counts(hops: int, address: str, site: str) -> None:
    """A header that is shorter than the chain came past the proxies, and counts for nothing."""
    assert told(hops, HEADERS) == [address, site]
    assert told(hops, {}) == [PROXY, "http://localhost/"]


@pytest.mark.parametrize(("hops", "left"), [("0", 429), ("1", 401)])
def test_wrong_passwords_are_counted_by_the_readers_address(
    installation: Installation, hops: str, left: int
) -> None:
    """Ten wrong ones from one reader lock another out only where all share the proxy's."""

    def tried(number: int, reader: str) -> int:
        client = app.test_client()
        forwarded = {"X-Forwarded-For": f"203.0.113.{number}, {reader}"}
        sent = {"login": f"nobody{number}", "password": "x", "csrf_token": token(client)}
        return client.post("/signin", data=sent, headers=forwarded).status_code

    with opened_site(installation, KB_TRUSTED_PROXIES=hops) as app:
        statuses = [tried(number, "198.51.100.7") for number in range(11)]
        assert statuses[-1] == 429
        assert tried(50, "198.51.100.8") == left


def test_the_server_hands_on_what_proxies_say() -> None:
    """waitress clears such headers unless it is told not to."""
    app = Flask(__name__)
    app.add_url_rule("/", "who", lambda: str(request.remote_addr))
    proxies.trust(app, 1)
    server = listening(app, "127.0.0.1", 0, 1)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    asked = f"GET / HTTP/1.0\r\nHost: x\r\nX-Forwarded-For: {FORGED}, {NEAR}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.effective_port), timeout=10) as line:
        line.sendall(asked.encode())
        answer = b"".join(iter(lambda: line.recv(4096), b""))
    server.close()
    thread.join(10)
    assert answer.endswith(NEAR.encode())


def test_the_number_of_proxies_is_a_number() -> None:
    assert from_environment({}).trusted_proxies == 0
    with pytest.raises(BadSetting, match="KB_TRUSTED_PROXIES"):
        from_environment({"KB_TRUSTED_PROXIES": "all"})
