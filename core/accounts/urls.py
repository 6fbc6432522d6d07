"""Routes of the accounts app."""

from __future__ import annotations

from django.urls import path

from core.accounts.views import api_keys, joining, members, officer, organisation, people

app_name = "accounts"
urlpatterns = [
    path("join/", joining.join, name="join"),
    path("join/start/", joining.join_start, name="join_start"),
    path("join/<int:organisation_id>/sent/", joining.join_sent, name="join_sent"),
    path("join/<int:organisation_id>/<slug:step>/", joining.join_step, name="join_step"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/contact/", organisation.organisation_contact, name="organisation_contact"),
    path(
        "organisation/identity/", organisation.organisation_identity, name="organisation_identity"
    ),
    path("organisation/switch/", organisation.switch_organisation, name="switch_organisation"),
    path("organisation/members/", members.member_list, name="member_list"),
    path(
        "organisation/members/<int:membership_id>/role/",
        members.member_change,
        name="member_change",
    ),
    path(
        "organisation/members/<int:membership_id>/remove/",
        members.member_remove,
        name="member_remove",
    ),
    path(
        "organisation/invitations/<int:invitation_id>/revoke/",
        members.invitation_revoke,
        name="invitation_revoke",
    ),
    path("organisation/api-keys/", api_keys.api_key_list, name="api_key_list"),
    path(
        "organisation/api-keys/<int:api_key_id>/revoke/",
        api_keys.api_key_revoke,
        name="api_key_revoke",
    ),
    path("invitations/<str:token>/", members.invitation, name="invitation"),
    path("profile/", people.profile, name="profile"),
    path("consents/<slug:purpose>/", people.consent_text, name="consent_text"),
    path("profile/consents/<slug:purpose>/give/", people.consent_give, name="consent_give"),
    path(
        "profile/consents/<slug:purpose>/withdraw/",
        people.consent_withdraw,
        name="consent_withdraw",
    ),
    path("officer/organisations/", officer.officer_organisations, name="officer_organisations"),
    path(
        "officer/organisations/<int:organisation_id>/",
        officer.officer_organisation,
        name="officer_organisation",
    ),
    path(
        "officer/organisations/<int:organisation_id>/tax-code/",
        officer.officer_tax_code,
        name="officer_tax_code",
    ),
]
