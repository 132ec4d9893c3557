"""The shop: a connector of the tests, with a service in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.connections.opening import forget_open_connections
from hub.registry import forget_catalog
from tests.shop_connector.service import Shop, shop


@pytest.fixture
def the_shop(settings: Any) -> Iterator[Shop]:
    settings.CONNECTOR_PATHS = [str(Path(__file__).parents[1] / "shop_connector")]
    forget_catalog()
    shop.__init__()  # type: ignore[misc]
    yield shop
    forget_catalog()
    forget_open_connections()
