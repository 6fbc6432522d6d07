"""Routes of the matchmaking app."""

from __future__ import annotations

from django.urls import path

from matchmaking import views

app_name = "matchmaking"
urlpatterns = [
    path("matches/", views.match_list, name="match_list"),
    path("matches/check/", views.check, name="check"),
    path("matches/why/", views.why, name="why"),
    path("matches/<int:match_id>/", views.match_detail, name="match_detail"),
    path("matches/<int:match_id>/accept/", views.accept, name="accept"),
    path("matches/<int:match_id>/decline/", views.decline, name="decline"),
    path("matches/<int:match_id>/take-back/", views.take_back, name="take_back"),
    path("m/<str:token>/", views.answer, name="answer"),
]
