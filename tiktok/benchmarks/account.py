"""A signed-in client of a running product."""

import secrets
from typing import Any

import requests

SECONDS = 30


def sign_up(base: str) -> requests.Session:
    """Return a session with the access token of a new account."""
    name = f"bench_{secrets.token_hex(3)}"
    body = {"email": f"{name}@example.com", "username": name, "password": secrets.token_hex(12)}
    answer = requests.post(f"{base}/api/v1/auth/signup", json=body, timeout=SECONDS)
    answer.raise_for_status()
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {answer.json()['access']}"
    return session


def read(session: requests.Session, url: str) -> Any:
    """GET JSON."""
    answer = session.get(url, timeout=SECONDS)
    answer.raise_for_status()
    return answer.json()
