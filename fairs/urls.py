"""Routes of the fairs app."""

from __future__ import annotations

from django.urls import path

from fairs.views import applying, deciding, officers, organising, papers, public

app_name = "fairs"
OWN = "mine/<int:fair_id>/"
PLACE = f"{OWN}applications/<int:participation_id>/"
urlpatterns = [
    path("", public.fair_list, name="fair_list"),
    path("<int:fair_id>/", public.fair_detail, name="fair_detail"),
    path("<int:fair_id>/apply/", applying.apply, name="apply"),
    path("applications/", applying.my_applications, name="my_applications"),
    path(
        "applications/<int:participation_id>/withdraw/",
        applying.application_withdraw,
        name="application_withdraw",
    ),
    path(
        "applications/<int:participation_id>/documents/",
        papers.application_documents,
        name="application_documents",
    ),
    path(
        "applications/<int:participation_id>/documents/zip/",
        papers.application_documents_zip,
        name="application_documents_zip",
    ),
    path("province/", officers.province_fairs, name="province_fairs"),
    path("mine/", organising.own_fairs, name="own_fairs"),
    path("mine/new/", organising.fair_create, name="fair_create"),
    path(OWN, organising.fair_manage, name="fair_manage"),
    path(f"{OWN}edit/", organising.fair_edit, name="fair_edit"),
    path(f"{OWN}copy/", organising.fair_copy, name="fair_copy"),
    path(f"{OWN}cancel/", organising.fair_cancel, name="fair_cancel"),
    path(f"{OWN}move/<slug:phase>/", organising.fair_move, name="fair_move"),
    path(f"{OWN}deadlines/<slug:code>/", organising.deadline_record, name="deadline_record"),
    path(f"{OWN}applications/", deciding.application_list, name="application_list"),
    path(PLACE, deciding.application, name="application"),
    path(f"{PLACE}documents/", papers.application_fetch, name="application_fetch"),
    path(f"{PLACE}<slug:answer>/", deciding.application_decide, name="application_decide"),
]
