"""Routes of the buyers app."""

from __future__ import annotations

from django.urls import path

from buyers.views import chain, market, profiles, requests

app_name = "buyers"
REQUEST = "buyer/requests/<int:request_id>/"
PROFILE = "buyer/requirements/<int:profile_id>/"
urlpatterns = [
    path("buyer/requests/", requests.request_list, name="request_list"),
    path("buyer/requests/new/", requests.request_create, name="request_create"),
    path("buyer/requests/categories/", requests.category_choices, name="category_choices"),
    path("buyer/requests/total/", requests.request_total, name="request_total"),
    path(REQUEST, requests.request_detail, name="request_detail"),
    path(f"{REQUEST}edit/", requests.request_edit, name="request_edit"),
    path(f"{REQUEST}publish/", requests.request_publish, name="request_publish"),
    path(f"{REQUEST}close/", requests.request_close, name="request_close"),
    path(f"{REQUEST}reopen/", requests.request_reopen, name="request_reopen"),
    path(f"{REQUEST}discard/", requests.request_discard, name="request_discard"),
    path(f"{REQUEST}copy/", requests.request_copy, name="request_copy"),
    path(f"{REQUEST}repeat/", requests.request_repeat, name="request_repeat"),
    path("buyer/chain/", chain.chain, name="chain"),
    path("buyer/chain/about/", chain.group_edit, name="group_edit"),
    path("buyer/chain/banners/new/", chain.banner_create, name="banner_create"),
    path("buyer/chain/banners/<int:banner_id>/", chain.banner_edit, name="banner_edit"),
    path(
        "buyer/chain/banners/<int:banner_id>/archive/", chain.banner_archive, name="banner_archive"
    ),
    path("buyer/chain/banners/<int:banner_id>/new/", chain.outlet_create, name="outlet_create"),
    path("buyer/chain/banners/<int:banner_id>/paste/", chain.outlet_paste, name="outlet_paste"),
    path("buyer/chain/outlets/<int:outlet_id>/", chain.outlet_edit, name="outlet_edit"),
    path(
        "buyer/chain/outlets/<int:outlet_id>/archive/", chain.outlet_archive, name="outlet_archive"
    ),
    path("buyer/requirements/", profiles.profile_list, name="profile_list"),
    path("buyer/requirements/new/", profiles.profile_create, name="profile_create"),
    path(PROFILE, profiles.profile_detail, name="profile_detail"),
    path(f"{PROFILE}edit/", profiles.profile_edit, name="profile_edit"),
    path(f"{PROFILE}renew/", profiles.profile_renew, name="profile_renew"),
    path(f"{PROFILE}discard/", profiles.profile_discard, name="profile_discard"),
    path("buyers/<int:organisation_id>/", market.buyer_detail, name="buyer_detail"),
    path("requests/", market.request_browse, name="request_browse"),
    path("requests/<int:request_id>/", market.request_read, name="request_read"),
]
