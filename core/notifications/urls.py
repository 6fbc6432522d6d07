"""Routes of the notifications app."""

from __future__ import annotations

from django.urls import path

from core.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.centre, name="list"),
    path("notifications/seen/", views.see_all, name="see_all"),
    path("notifications/<int:notification_id>/", views.open_notification, name="open"),
    path("notifications/preferences/", views.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
