"""Pages of this app."""

from django.urls import path

from moderation import views

app_name = "moderation"
urlpatterns = [path("report/<str:target_type>/<uuid:target_id>", views.report, name="report")]
