"""Routes of the frame: public home, role home, style guide, development mailbox."""

from __future__ import annotations

from django.urls import path

from core.web import typed_views, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("home/", views.dashboard, name="dashboard"),
    path("understood/", typed_views.understood, name="understood"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("mailbox/", views.mailbox_list, name="mailbox"),
    path("mailbox/<str:key>/", views.mailbox_detail, name="mailbox_detail"),
    path("mailbox/<str:key>/html/", views.mailbox_html, name="mailbox_html"),
]
