"""Signing in to the service in memory."""

from __future__ import annotations

from typing import Any

from hub.sdk import Fields, Identity, Opening, SignIn, field
from tests.shop_connector.service import Shop, shop


class Auth(SignIn[Shop]):
    """Signs in with any token."""

    class Settings(Fields):
        token: str = field("Token", secret=True)

    def open(self, settings: Any, opening: Opening) -> Shop:
        return shop

    def who_am_i(self, client: Shop) -> Identity:
        return Identity("tester")
