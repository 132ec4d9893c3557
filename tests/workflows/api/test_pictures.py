"""Every template shows what its workflow looks like."""

from __future__ import annotations

import pytest

from workflows.graph.shape import check_shape
from workflows.templates.gallery import templates
from workflows.templates.picturing import picture_of


@pytest.mark.parametrize("name", templates())
def test_a_template_has_a_picture_of_the_right_shape(name: str) -> None:
    picture = picture_of(templates()[name])

    assert picture["steps"]
    assert check_shape(picture)[0] == []
