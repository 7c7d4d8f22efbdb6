"""Pages of this app."""

from django.urls import path

from social.graph import views

app_name = "graph"
urlpatterns = [
    path("@<str:username>/follow", views.follow, name="follow"),
]
