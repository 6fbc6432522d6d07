"""The search box of each list: the same words, the same forgiveness, nothing foreign."""

from __future__ import annotations

import pytest

from core.accounts.models import Organisation
from core.search import SearchTooSlowError
from fairs.models import Participation
from matchmaking.enums import MatchStatus
from matchmaking.models import Match, Ruleset
from producers.models import Product, SupplyOffer
from tests.factories import accounts, buyers, fairs, producers

pytestmark = pytest.mark.django_db
NAME = "Chả mực Hạ Long"
TYPED = ["chả mực", "CHA MUC", "mực ch", "cha mukk hạ long", "chamuc"]


class _Town:
    """One of everything called squid cakes, one called something else, and their people."""

    def __init__(self):
        sold = producers.ProductFactory(name=NAME, gtin="8934567890128")
        self.offer = producers.SupplyOfferFactory(
            product=sold, producer=sold.producer, published=True
        )
        other = producers.ProductFactory(name="Miến dong", producer=sold.producer)
        other_offer = producers.SupplyOfferFactory(
            product=other, producer=sold.producer, published=True
        )
        producers.PaperFactory(producer=sold.producer, product=sold, number="12/QĐ-UBND")
        producers.PaperFactory(producer=sold.producer, product=other, number="99/GCN")
        self.group = buyers.BuyerGroupFactory()
        asked, asked_other = (
            buyers.DemandRequestFactory(
                group=self.group, words=words, category=producers.category(), published=True
            )
            for words in (NAME, "Miến dong")
        )
        banner = buyers.BannerFactory(group=self.group)
        for name in (NAME, "Kho lạnh", *(f"Cửa hàng {n}" for n in range(8))):
            buyers.OutletFactory(banner=banner, name=name)
        rules = Ruleset.objects.get_or_create(version=1, defaults={"rules": {}})[0]
        for offer, request in ((self.offer, asked), (other_offer, asked_other)):
            _match(offer, request, rules)
        self.fair = fairs.FairFactory(name=f"Hội chợ {NAME}", calling=True)
        fairs.FairFactory(name="Ngày hội trà", organiser=self.fair.organiser, calling=True)
        applicant = accounts.OrganisationFactory(name=NAME)
        for organisation in (applicant, sold.producer.organisation):
            fairs.ParticipationFactory(fair=self.fair, organisation=organisation)
        accounts.OrganisationFactory(name=NAME, submitted=True)
        accounts.OrganisationFactory(name="Trà Ba Chẽ", submitted=True)
        self.people = {
            "seller": self._member(sold.producer.organisation),
            "buyer": self._member(self.group.organisation),
            "organiser": self._member(self.fair.organiser),
            "officer": accounts.OfficerFactory(),
        }

    def _member(self, organisation):
        return accounts.MembershipFactory(organisation=organisation).user


def _match(offer, request, rules):
    Match.objects.create(
        offer=offer, request=request, producer=offer.producer, group=request.group, score=5000,
        parts=[], supply={"dimension": "mass"}, demand={}, pair={}, ruleset=rules,
        offer_version=1, request_version=1, status=MatchStatus.PROPOSED,
    )  # fmt: skip


LISTS = [
    ("seller", "/producer/products/"),
    ("seller", "/producer/offers/"),
    ("seller", "/producer/papers/"),
    ("seller", "/requests/"),
    ("seller", "/matches/"),
    ("seller", "/fairs/applications/"),
    ("buyer", "/buyer/requests/"),
    ("buyer", "/buyer/chain/"),
    ("buyer", "/matches/"),
    ("officer", "/officer/papers/"),
    ("officer", "/officer/organisations/"),
    ("officer", "/fairs/province/"),
    ("organiser", "/fairs/mine/"),
    ("organiser", "/fairs/mine/{fair}/applications/"),
    ("", "/fairs/"),
]


@pytest.fixture
def town():
    return _Town()


@pytest.fixture
def look(town, client_for):
    clients = {name: client_for(user, language="en") for name, user in town.people.items()}
    clients[""] = client_for(language="en")

    def look(who, address, **query):
        return clients[who].get(address.format(fair=town.fair.pk), query)

    return look


def test_every_list_finds_it_however_it_is_typed_and_nothing_else(look):
    for who, address in LISTS:
        for typed in TYPED:
            page = look(who, address, q=typed)
            shown = page.content.decode()
            assert page.status_code == 200, (address, typed)
            assert shown.count(NAME) >= 1, (address, typed)
            for other in ("Miến dong", "Ngày hội trà", "Trà Ba Chẽ", "Kho lạnh"):
                assert other not in shown, (address, typed, other)


def test_every_list_says_what_to_try_when_nothing_is_found(look):
    for who, address in LISTS:
        for typed in ("xyzzyq", "%%", "🎉"):
            shown = look(who, address, q=typed).content.decode()
            assert "fewer or shorter words" in shown, (address, typed)
            assert f'">{NAME}' not in shown, (address, typed)


def test_too_long_a_text_is_refused_in_words(look):
    for who, address in LISTS:
        assert look(who, address, q="chả " * 500).status_code == 200, address


def test_a_paper_is_found_by_its_number_and_a_product_by_its_barcode(look):
    for who, address in (("seller", "/producer/papers/"), ("officer", "/officer/papers/")):
        shown = look(who, address, q="12 qd ubnd").content.decode()
        assert "12/QĐ-UBND" in shown
        assert "99/GCN" not in shown
    shown = look("seller", "/producer/products/", q="893 4567 890128").content.decode()
    assert NAME in shown
    assert "Miến dong" not in shown


def test_an_organisation_is_found_by_its_tax_code(look, town):
    waiting = Organisation.objects.get(name="Trà Ba Chẽ")
    shown = look("officer", "/officer/organisations/", q=waiting.tax_code).content.decode()
    assert waiting.name in shown
    assert NAME not in shown


def test_a_search_keeps_the_other_filters(look, town):
    drafts = look("seller", "/producer/offers/", q="cha muc", status="draft")
    assert list(drafts.context["page_obj"]) == []
    assert 'name="status" value="draft"' in drafts.content.decode()
    past = look("", "/fairs/", q="cha muc", when="past")
    assert list(past.context["page_obj"]) == []


def test_strangers_find_nothing_of_others(town, client_for):
    stranger = client_for(accounts.MembershipFactory(organisation__is_producer=True).user)
    for address in ("/producer/products/", "/producer/offers/", "/producer/papers/", "/matches/",
                    "/fairs/applications/"):  # fmt: skip
        assert NAME not in stranger.get(address, {"q": NAME[:9]}).content.decode(), address
    Organisation.objects.filter(pk=town.fair.organiser_id).update(status="returned")
    assert NAME not in client_for().get("/fairs/", {"q": "cha muk"}).content.decode()
    elsewhere = accounts.OfficerFactory(of=accounts.province("01", name="Hà Nội"))
    for address in ("/officer/papers/", "/officer/organisations/", "/fairs/province/"):
        found = client_for(elsewhere).get(address, {"q": "cha muc"}).content.decode()
        assert NAME not in found, address


def test_the_api_finds_best_first_and_pages_through(town, client_for):
    client = client_for(town.people["seller"])
    for n in range(4):
        producers.ProductFactory(name=f"Mực chả {n}", producer=town.offer.producer)
    first = client.get("/api/v1/products", {"q": "chả mực", "page_size": 3}).json()
    assert first["results"][0]["name"] == NAME
    rest = client.get(first["next"]).json()
    names = [row["name"] for row in [*first["results"], *rest["results"]]]
    assert names == [NAME, "Mực chả 3", "Mực chả 2", "Mực chả 1", "Mực chả 0"]
    for path, column in (("offers", "product_name"), ("requests", "words"), ("matches", "words")):
        rows = client.get(f"/api/v1/{path}", {"q": "cha muk ha long"}).json()["results"]
        assert [row[column] for row in rows] == [NAME], path


def test_a_slow_search_says_so_on_the_page_and_in_the_api(town, client_for, monkeypatch):
    def slow(*_args, **_kwargs):
        raise SearchTooSlowError("Add another word.")

    monkeypatch.setattr("core.search.filters.search", slow)
    client = client_for(town.people["seller"], language="en")
    page = client.get("/producer/products/", {"q": "cha"})
    assert (page.status_code, "Add another word." in page.content.decode()) == (200, True)
    assert client.get("/api/v1/products", {"q": "cha"}).status_code == 409


def test_members_are_found_by_name_or_address(town, client_for):
    organisation = town.offer.producer.organisation
    for name in ("Nguyễn Thị Hoà", "Trần Đức"):
        accounts.MembershipFactory(organisation=organisation, user__full_name=name)
    client = client_for(town.people["seller"])
    shown = client.get("/organisation/members/", {"q": "nguyen hòa"}).content.decode()
    assert "Nguyễn Thị Hoà" in shown
    assert "Trần Đức" not in shown


def test_the_admin_finds_the_same(town, client_for):
    root = accounts.UserFactory(is_staff=True, is_superuser=True)
    accounts.turn_on_totp(root)
    client = client_for(root)
    for model in (Product, SupplyOffer, Organisation, Participation):
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        page = client.get(address, {"q": "cha muk"})
        assert page.status_code == 200, address
        assert NAME in page.content.decode(), address
        assert "Miến dong" not in page.content.decode(), address
        assert client.get(address, {"q": " "}).context["cl"].result_count > 1, address
