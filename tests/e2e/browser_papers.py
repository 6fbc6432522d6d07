"""What the browser tests find among documents, lists and registers."""

from __future__ import annotations

import datetime as dt
import io

from PIL import Image

from core.kernel import clock
from core.vault.models import PacketShare
from producers import services
from tests.factories import accounts, producers, registries
from tests.factories.vault import document_with
from tests.integration.imports.conftest import checked, xlsx
from tests.integration.producers.test_registry import compared

HEAD = ("Tên sản phẩm", "Loại")
STARRED = {"decision_number": "12/QĐ-UBND", "decided_on": "20/12/2024", "stars": "4"}


def make(*, seller, chain, match) -> dict[str, object]:
    """Return a document that is shared, a list that was checked, and a register's list."""
    organisation = match.offer.producer.organisation
    document = document_with(
        _picture(), organisation=organisation, type="jpg", kind="business",
        title="Giấy chứng nhận đăng ký hộ kinh doanh",
    )  # fmt: skip
    share = PacketShare.objects.create(
        organisation=organisation, receiver=chain.organisation, packet="chain",
        subject_id=match.pk, title="Cam Vạn Yên", until=clock.today() + dt.timedelta(days=30),
    )  # fmt: skip
    share.documents.add(document)
    rows = xlsx(HEAD, ("Cam Vạn Yên", "Cam"), ("Cam Bản Sen", "Cam"), ("=cmd|x", "không có"))
    found = checked(rows, kind="products", organisation=organisation, user=seller)
    return {"document": document, "import": found, **_register()}


def _register() -> dict[str, object]:
    firm = registries.firm(0)
    holder = accounts.OrganisationFactory(name=firm["holder"], tax_code=firm["tax_code"])
    producer = producers.ProducerFactory(organisation=holder)
    producers.ProductFactory(producer=producer, name=registries.goods(0)["name"])
    rows = [registries.row(at + 2, **registries.goods(at), **STARRED) for at in range(3)]
    done = services.take_rows(values=registries.of(registries.OCOP), rows=rows)
    found = compared(done.list_id)
    return {"register": found, "entry": found.entries.get(row_number=2)}


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 400), "ivory").save(out, "JPEG")
    return out.getvalue()
