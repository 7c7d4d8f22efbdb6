"""The OpenAPI document tells the truth about the account routes."""

from typing import Any

import pytest
from rest_framework.test import APIClient


@pytest.fixture(scope="module")
def document() -> Any:
    from drf_spectacular.generators import SchemaGenerator

    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    return generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]


ROUTES = {
    "/api/v1/auth/signup": {"post"},
    "/api/v1/auth/signin": {"post"},
    "/api/v1/auth/refresh": {"post"},
    "/api/v1/auth/signout": {"post"},
    "/api/v1/auth/sessions": {"get"},
    "/api/v1/auth/sessions/{session_id}": {"delete"},
    "/api/v1/auth/password/change": {"post"},
    "/api/v1/auth/password/reset": {"post"},
    "/api/v1/auth/password/reset/confirm": {"post"},
    "/api/v1/auth/email/verify": {"post"},
    "/api/v1/users/me": {"get", "patch"},
    "/api/v1/users/{handle}": {"put", "patch"},
    "/api/v1/user/signup": {"post"},
    "/api/v1/user/signin": {"post"},
}


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_is_described(document: Any, path: str) -> None:
    assert ROUTES[path] <= set(document["paths"][path])


def test_entrances_ask_for_nothing_and_the_rest_for_bearer_or_cookie(document: Any) -> None:
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    me = document["paths"]["/api/v1/users/me"]["get"]
    assert {"bearer": []} in me["security"]
    assert {"cookie": []} in me["security"]
    signin = document["paths"]["/api/v1/auth/signin"]["post"]
    assert signin.get("security", [{}]) == [{}]


def test_no_idempotency_key_is_promised_where_tokens_would_be_kept(document: Any) -> None:
    for path in ROUTES:
        if "/auth/" in path:
            for operation in document["paths"][path].values():
                names = [parameter["name"] for parameter in operation.get("parameters", [])]
                assert "Idempotency-Key" not in names


def test_the_answer_of_sign_up_is_as_described(document: Any, db: None) -> None:
    body = (
        APIClient()
        .post("/api/v1/auth/signup", {"email": "n@example.com", "password": "a long enough phrase"})
        .json()
    )
    schemas = document["components"]["schemas"]
    content = document["paths"]["/api/v1/auth/signup"]["post"]["responses"]["201"]["content"]
    described = schemas[content["application/json"]["schema"]["$ref"].split("/")[-1]]
    assert set(described["required"]) == set(body)
    user = schemas[described["properties"]["user"]["$ref"].split("/")[-1]]
    assert set(user["properties"]) == set(body["user"])
