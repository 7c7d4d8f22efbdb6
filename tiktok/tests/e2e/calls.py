"""The same product by API: plain HTTP, nothing of Django."""

import time
from pathlib import Path
from typing import Any

import requests

SECONDS = 90
PASSWORD = "correct horse battery"


class Caller:
    """An API client that is somebody."""

    def __init__(self, base: str, username: str) -> None:
        self.api = f"{base}/api/v1"
        self.http = requests.Session()
        answer = self.post(
            "auth/signup", email=f"{username}@example.com", password=PASSWORD, username=username
        )
        self.username = username
        self.http.headers["Authorization"] = f"Bearer {answer['access']}"

    def post(self, path: str, **body: Any) -> Any:
        """POST JSON and return the answer's JSON; any error status raises with its body."""
        answer = self.http.post(f"{self.api}/{path}", json=body, timeout=SECONDS)
        assert answer.ok, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        """GET and return JSON."""
        answer = self.http.get(f"{self.api}/{path}", timeout=SECONDS)
        assert answer.ok, answer.text
        return answer.json()

    def publish(self, clip: Path, caption: str) -> str:
        """Post a clip, wait until it can be played and return its id."""
        with clip.open("rb") as file:
            answer = self.http.post(
                f"{self.api}/videos",
                files={"file": file},
                data={"caption": caption},
                timeout=SECONDS,
            )
        assert answer.status_code == 202, answer.text
        video_id = str(answer.json()["id"])
        deadline = time.monotonic() + 90
        while (status := self.get(f"videos/{video_id}/status"))["processing_state"] != "ready":
            assert status["processing_state"] != "failed", status
            assert time.monotonic() < deadline, status
            time.sleep(0.2)
        return video_id
