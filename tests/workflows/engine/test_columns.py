"""Columns of rows as arrays: PostgreSQL reads from them what was written into them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from workflows.engine.columns import columns

KINDS = ("uuid", "text", "jsonb", "int", "bool", "timestamptz", "bytea")
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
ROW = st.tuples(
    st.uuids(),
    *(
        st.none() | each
        for each in (
            TEXTS,
            VALUES.map(json.dumps),
            st.integers(-(2**31), 2**31 - 1),
            st.booleans(),
            TIMES,
            st.binary(),
        )
    ),
)


@pytest.mark.django_db
class TestColumns(TestCase):
    @settings(max_examples=200, deadline=None)
    @given(rows=st.lists(ROW, min_size=1, max_size=5))
    def test_every_value_comes_back_as_it_was(self, rows: list[tuple[Any, ...]]) -> None:
        given = ", ".join(f"%s::{kind}[]" for kind in KINDS)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM unnest({given}) AS t(a, b, c, d, e, f, g)", columns(KINDS, rows))
            found = cursor.fetchall()
        assert [_comparable(row) for row in found] == [_comparable(row) for row in rows]


def _comparable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    text = row[2] if row[2] is None else json.loads(row[2])
    return (*row[:2], text, *row[3:6], None if row[6] is None else bytes(row[6]))
