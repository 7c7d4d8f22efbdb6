"""Pages of this app."""

from django.urls import path

from social.graph.views import acts, follow, hidden, lists, requests, suggested

app_name = "graph"
urlpatterns = [
    path("@<str:username>/follow", follow.follow, name="follow"),
    path("@<str:username>/act", acts.act, name="act"),
    path("@<str:username>/followers", lists.followers, name="followers"),
    path("@<str:username>/following", lists.following, name="following"),
    path("friends/people", lists.friends, name="friends"),
    path("friends/suggested", suggested.suggested, name="suggested"),
    path("inbox/requests", requests.received, name="requests"),
    path("inbox/requests/sent", requests.sent, name="requests_sent"),
    path("inbox/requests/<str:kind>/<str:request_id>", requests.answer, name="answer"),
    path("settings/blocked", hidden.blocked, name="blocked"),
    path("settings/muted", hidden.muted, name="muted"),
]
