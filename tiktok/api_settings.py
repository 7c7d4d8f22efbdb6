"""How the REST framework and its schema generator are set up, in every environment."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerAuthentication",
        "accounts.authentication.CookieAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["core.http.renderers.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.http.parsers.JsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.http.renderers.JsonOnly",
    "DEFAULT_SCHEMA_CLASS": "core.http.schema.ContractSchema",
    "DEFAULT_PAGINATION_CLASS": "core.http.pagination.CursorPage",
    "DEFAULT_THROTTLE_CLASSES": ["core.http.throttles.FairUseThrottle"],
    "EXCEPTION_HANDLER": "core.http.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tóp Tóp",
    "DESCRIPTION": "The REST API of a self-hosted short-video network.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
}
