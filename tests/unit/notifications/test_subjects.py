"""Subjects come out of a mail as they went in, however long and accented."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

import pytest

from core.notifications.sending.rendering import _POLICY


@pytest.mark.parametrize(
    "subject",
    [
        "Plain",
        "HTX Cam Vạn Yên đăng ký tham gia Hội chợ OCOP Hạ Long",
        "Hội chợ OCOP Hạ Long đã đổi ngày",
        "Đơn đăng ký tham gia Hội chợ OCOP Quảng Ninh 2027 của bạn bị từ chối " * 3,
        "🍊 cam",
        "x" * 200,
    ],
)
def test_a_subject_survives_folding(subject):
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = subject.strip()
    message.set_content("Nội dung")
    wire = message.as_bytes()
    head = wire.split(b"\r\n\r\n")[0]
    assert email.message_from_bytes(wire, policy=email.policy.default)["Subject"] == subject.strip()
    assert head.isascii()
    if subject[0] != "x":
        assert max(len(line) for line in head.split(b"\r\n")) <= 78
