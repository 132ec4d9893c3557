from __future__ import annotations

from hub.slugs import slug_of


def test_german_letters_are_written_in_two_in_a_slug() -> None:
    assert slug_of("Größe Ändern", longest=63, otherwise="x") == "groesse-aendern"
    assert slug_of("u\u0308ber STRAẞE", longest=63, otherwise="x") == "ueber-strasse"


def test_a_name_without_letters_gets_the_word_that_is_given() -> None:
    assert slug_of("!!", longest=63, otherwise="workflow") == "workflow"
