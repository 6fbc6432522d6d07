"""The pages of registers: what an officer sees, decides, takes back and hands in."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.contrib import messages
from django.urls import reverse

from producers import services
from producers.enums import RegistrySubject
from producers.models import RegistryDecision, RegistryEntry, RegistryList
from tests.factories import registries as lists
from tests.factories.accounts import OfficerFactory, OrganisationFactory, province
from tests.factories.producers import ProducerFactory, ProductFactory
from tests.integration.producers.test_registry import LATER, compared

pytestmark = pytest.mark.django_db
CLASHING = {"decision_number": "12/QĐ-UBND", "decided_on": "20/12/2024", "stars": "4"}


@pytest.fixture
def officer(db):
    return OfficerFactory()


@pytest.fixture
def desk(officer, client_for):
    return client_for(officer)


@pytest.fixture
def found(db) -> RegistryList:
    """A list of three products, of which the portal knows the first."""
    firm = lists.firm(0)
    holder = OrganisationFactory(name=firm["holder"], tax_code=firm["tax_code"])
    ProductFactory(producer=ProducerFactory(organisation=holder), name=lists.goods(0)["name"])
    rows = [lists.row(at + 2, **lists.goods(at), **CLASHING) for at in range(3)]
    done = services.take_rows(values=lists.of(lists.OCOP), rows=rows)
    return compared(done.list_id)


@pytest.fixture
def first(found) -> RegistryEntry:
    return found.entries.get(row_number=2)


def page(client, name: str, *args, **query) -> str:
    response = client.get(reverse(f"producers:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def post(client, name: str, *args, **data):
    return client.post(reverse(f"producers:{name}", args=args), data, follow=True)


def test_the_queue_begins_where_something_waits(desk, found, first):
    shown = page(desk, "registry_queue")
    assert first.name in shown
    assert f'value="{first.pk}" checked' in shown
    assert lists.goods(1)["name"] in page(desk, "registry_queue", tab="absent", list=found.pk)


def test_the_queue_finds_by_words_and_codes(desk, found, first):
    shown = page(desk, "registry_queue", tab="absent", q=lists.firm(1)["tax_code"])
    assert lists.goods(1)["name"] in shown
    assert lists.goods(2)["name"] not in shown


def test_a_page_of_certain_ones_is_linked_and_undone(desk, first):
    shown = post(desk, "registry_confirm", entry=[first.pk, "x", 10**30]).content.decode()
    decision = RegistryDecision.objects.get(undone_at=None)
    assert reverse("producers:registry_undo_confirmed", args=[decision.batch]) in shown
    post(desk, "registry_undo_confirmed", decision.batch)
    assert not RegistryDecision.objects.filter(undone_at=None).exists()


def test_confirming_without_a_tick_says_so_and_keeps_what_was_searched_for(desk, found):
    asked = {"list": str(found.pk), "q": "cam", "page": "2"}
    answer = desk.post(reverse("producers:registry_confirm"), asked)
    assert answer.url == f"{reverse('producers:registry_queue')}?tab=certain&" + urlencode(asked)
    (said,) = messages.get_messages(answer.wsgi_request)
    assert said.level == messages.ERROR
    assert not RegistryDecision.objects.exists()


def test_an_entry_is_shown_beside_its_candidate(desk, first):
    shown = page(desk, "registry_entry", first.pk)
    assert 'data-key="1"' in shown
    assert "12/QĐ-UBND" in shown


def test_a_household_code_is_masked_also_in_the_cells_as_they_came(desk, officer):
    row = lists.row(2, name="Cam", holder="Hộ A", tax_code="022185001234", MST="022185001234")
    services.take_rows(values=lists.of(lists.POSTMART), rows=[row])
    entry = RegistryEntry.objects.get()
    assert entry.tax_code == "022185001234"
    shown = page(desk, "registry_entry", entry.pk)
    assert "022185001234" not in shown
    assert "<dt>tax_code" not in shown
    assert "022185001234" not in page(desk, "registry_queue", tab="pending")


def test_a_linked_entry_offers_what_it_says_and_hands_it_in(desk, first):
    candidate = first.candidates.get()
    shown = post(
        desk, "registry_decide", first.pk,
        verdict="same", organisation=candidate.organisation_id, product=candidate.product_id,
    ).content.decode()  # fmt: skip
    take = reverse("producers:registry_take", args=[first.pk, "award"])
    assert take in shown
    assert reverse("producers:officer_paper", args=[_taken(desk, take)]) in page(
        desk, "registry_entry", first.pk
    )
    assert desk.post(take).status_code == 302


def _taken(client, take: str) -> int:
    client.post(take)
    return RegistryDecision.objects.get().takeovers.get().paper_id


def test_after_no_comes_the_next_one_with_a_way_back(desk, found, first):
    url = reverse("producers:registry_decide", args=[first.pk]) + "?tab=absent"
    shown = desk.post(url, {"verdict": "apart"}, follow=True).content.decode()
    decision = RegistryDecision.objects.get()
    assert lists.goods(1)["name"] in shown
    undo = reverse("producers:registry_undo", args=[decision.pk])
    assert undo in shown
    desk.post(undo)
    assert desk.post(undo).status_code == 409


def test_a_contradiction_needs_words_and_keeps_the_page(desk, first):
    shown = post(desk, "registry_decide", first.pk, verdict="conflict")
    assert 'role="alert"' in shown.content.decode()
    post(desk, "registry_decide", first.pk, verdict="conflict", reason="Hai sổ khác sao")
    assert RegistryDecision.objects.get().reason == "Hai sổ khác sao"


def test_lists_are_shown_with_what_changed(desk, found):
    rows = [lists.row(2, **lists.goods(0), **(CLASHING | {"stars": "5"}))]
    later = services.take_rows(values=lists.of(lists.OCOP, day=LATER), rows=rows)
    shown = page(desk, "registry_list", later.list_id)
    assert "<del>4</del>" in shown
    assert lists.goods(2)["name"] in shown
    assert lists.AS_OF.strftime("%d/%m/%Y") in page(desk, "registry_home")


def test_a_list_is_taken_back_and_restored(desk, found):
    for step in ("compare", "withdraw", "restore"):
        assert (
            desk.get(reverse("producers:registry_list_change", args=[found.pk, step])).status_code
            == 200
        )
        post(desk, "registry_list_change", found.pk, step)
        found.refresh_from_db()
        assert (found.withdrawn_at is not None) == (step == "withdraw")


def test_coverage_counts_and_says_what_is_not_the_same(desk, found):
    services.take_rows(values=lists.of(lists.POSTMART), rows=lists.listed()[1:4])
    shops = lists.of(lists.POSTMART, RegistrySubject.SHOPS)
    services.take_rows(values=shops, rows=lists.shops()[:2] + lists.shops()[200:203])
    shown = page(desk, "registry_coverage")
    assert "nc-reg-funnel" in shown
    assert '<b class="nc-number">3</b> × 4★' in shown


def test_queries_do_not_grow_with_the_rows(desk, found, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        page(desk, "registry_queue", tab="absent")
    rows = [lists.row(at + 2, **lists.goods(at)) for at in range(30)]
    services.take_rows(values=lists.of(lists.POSTMART), rows=rows)
    with django_assert_max_num_queries(24):
        page(desk, "registry_queue", tab="pending")


def test_the_home_of_an_officer_counts_what_waits(desk, found):
    assert reverse("producers:registry_queue") in desk.get("/home/").content.decode()


def test_an_officer_of_another_province_finds_nothing(client_for, first, found):
    other = client_for(OfficerFactory(of=province("01", name="Hà Nội")))
    assert first.name not in page(other, "registry_queue")
    assert other.get(reverse("producers:registry_entry", args=[first.pk])).status_code == 404
    assert other.get(reverse("producers:registry_list", args=[found.pk])).status_code == 404
    other.post(reverse("producers:registry_confirm"), {"entry": first.pk})
    assert not RegistryDecision.objects.exists()
