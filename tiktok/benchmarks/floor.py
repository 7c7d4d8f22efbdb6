"""The floor of API throughput: an empty authenticated DRF endpoint, on the product's own server.

The same middleware, authentication, negotiation and renderer; nothing else. It exists here only,
and so do the plain views beside it (`plain`).
"""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from tiktok.benchmarks.plain import PlainFeed, PlainFollowing


class EmptyView(APIView):
    """Answers {} to anybody with a good token, and counts nothing."""

    throttle_classes: tuple[type[BaseThrottle], ...] = ()

    def get(self, request: Request) -> Response:
        """Answer an empty object."""
        return Response({})


urlpatterns = [
    path("api/v1/empty", EmptyView.as_view()),
    path("api/v1/plain/for-you", PlainFeed.as_view()),
    path("api/v1/plain/following", PlainFollowing.as_view()),
]
