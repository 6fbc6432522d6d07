"""Routes of lists."""

from __future__ import annotations

from django.urls import path

from core.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("<int:import_id>/", views.import_detail, name="import_detail"),
    path("<int:import_id>/refused.xlsx", views.refused_rows, name="refused_rows"),
    path("<int:import_id>/apply/", views.import_apply, name="import_apply"),
    path("<int:import_id>/stop/", views.import_stop, name="import_stop"),
    path("<int:import_id>/undo/", views.import_undo, name="import_undo"),
    path("<slug:code>/", views.import_create, name="import_create"),
    path("<slug:code>/template.xlsx", views.template, name="template"),
    path("<slug:code>/export/", views.export, name="export"),
]
