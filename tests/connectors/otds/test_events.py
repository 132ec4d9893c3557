"""What the directory's changes are reported as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from connectors.otds.client import OtdsClient
from connectors.otds.triggers.directory_changes import DirectoryChanges
from hub.sdk import Cursor, Kept, Poll
from hub.sdk.sandbox import FaultKind, Server
from tests.connectors.otds.conftest import Connect, Rest


class Remembered:
    def __init__(self, kept: Mapping[str, Kept] | None = None) -> None:
        self.kept = dict(kept or {})

    def get_many(self, keys: Iterable[str]) -> Mapping[str, Kept]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def keys(self) -> Iterator[str]:
        return iter(list(self.kept))

    def put(self, key: str, kept: Kept) -> None:
        self.kept[key] = kept

    def drop(self, key: str) -> None:
        self.kept.pop(key, None)


class Watch:
    """Polls as the platform does, keeping cursor and memory."""

    def __init__(self, client: OtdsClient, **given: Any) -> None:
        self.client, self.source = client, DirectoryChanges()
        self.input = DirectoryChanges.Input(partition="Northwind", **given)
        self.memory = Remembered()
        self.cursor: Cursor | None = None

    def poll(self) -> Poll:
        made = self.source.poll(self.input, self.client, self.cursor, self.memory)
        self.cursor = made.cursor
        for happening in made.happenings:
            DirectoryChanges.Output.model_validate(happening.data)
        return made

    def kinds(self) -> list[str]:
        return [happening.data["kind"] for happening in self.poll().happenings]


def patch(admin: Rest, user: str, **values: str) -> None:
    pairs = [{"name": name, "values": [value]} for name, value in values.items()]
    assert admin("PATCH", f"/users/{user}@Northwind", {"values": pairs}).ok


@pytest.fixture
def watch(client: OtdsClient) -> Watch:
    watch = Watch(client)
    assert watch.poll().happenings == []
    assert len(watch.memory.kept) == 64
    return watch


def test_nothing_happened_reports_nothing(watch: Watch) -> None:
    assert watch.kinds() == []


def test_a_joiner_is_reported_once(watch: Watch, admin: Rest) -> None:
    admin("POST", "/users", {"userPartitionID": "Northwind", "name": "new.one"})

    (happening,) = watch.poll().happenings

    assert happening.type == "otds.person.joined"
    assert happening.subject == "new.one@Northwind"
    assert happening.data["before"] is None
    assert watch.kinds() == []


def test_a_mover_is_reported_with_before_and_after(watch: Watch, admin: Rest) -> None:
    patch(admin, "amara.diallo", title="Claims handler", oTDepartment="Claims")

    (happening,) = watch.poll().happenings
    data = happening.data

    assert data["kind"] == "changed"
    assert data["changed"] == ["title", "department"]
    assert (data["before"]["title"], data["after"]["title"]) == ("Template designer", "Claims handler")


def test_disabling_and_enabling_are_told_apart_and_each_time_anew(watch: Watch, admin: Rest) -> None:
    ids = []
    for value, kind in (("true", "disabled"), ("false", "enabled"), ("true", "disabled")):
        patch(admin, "gwen.parry", accountDisabled=value)
        (happening,) = watch.poll().happenings
        assert happening.data["kind"] == kind
        ids.append(happening.id)

    assert len(set(ids)) == 3


def test_a_leaver_who_was_deleted_is_reported_with_what_was_before(watch: Watch, admin: Rest) -> None:
    admin("DELETE", "/users/gwen.parry@Northwind")

    (happening,) = watch.poll().happenings

    assert happening.data["kind"] == "deleted"
    assert happening.data["before"]["title"] == "Template designer"
    assert happening.data["after"] is None
    assert watch.kinds() == []


def test_a_change_of_groups_names_them(watch: Watch, admin: Rest) -> None:
    admin("POST", "/users/gwen.parry@Northwind/memberof", {"stringList": ["ring.a@Northwind"]})
    admin(
        "POST", "/groups/dept.communications@Northwind/members/deletionset", {"stringList": ["gwen.parry@Northwind"]}
    )

    (happening,) = watch.poll().happenings

    assert happening.data["kind"] == "membership_changed"
    assert happening.data["groups_added"] == ["ring.a@Northwind"]
    assert happening.data["groups_removed"] == ["dept.communications@Northwind"]


def test_several_things_about_one_person_are_several_happenings(watch: Watch, admin: Rest) -> None:
    patch(admin, "gwen.parry", title="Print operator", accountDisabled="true")

    assert watch.kinds() == ["changed", "disabled"]


def test_only_the_kinds_asked_for_are_reported_and_the_others_are_not_saved_up(
    client: OtdsClient, admin: Rest
) -> None:
    watch = Watch(client, kinds=["disabled"])
    watch.poll()
    patch(admin, "gwen.parry", title="Print operator")
    assert watch.kinds() == []
    patch(admin, "gwen.parry", accountDisabled="true")
    assert watch.kinds() == ["disabled"]


def test_further_attributes_are_watched(client: OtdsClient, admin: Rest) -> None:
    watch = Watch(client, attributes={"cost_centre": "oTExtraAttr2"})
    watch.poll()
    patch(admin, "gwen.parry", oTExtraAttr2="CC-9")

    (happening,) = watch.poll().happenings

    assert happening.data["changed"] == ["attributes.cost_centre"]
    assert happening.data["after"]["attributes"] == {"cost_centre": "CC-9"}


def test_the_same_poll_repeated_gives_the_same_happenings(watch: Watch, admin: Rest) -> None:
    patch(admin, "gwen.parry", title="Print operator")
    admin("DELETE", "/users/otto.keller@Northwind")
    cursor, kept = watch.cursor, dict(watch.memory.kept)

    first = watch.poll()
    watch.cursor, watch.memory = cursor, Remembered(kept)
    second = watch.poll()

    assert [happening.id for happening in first.happenings] == [happening.id for happening in second.happenings]
    assert first.cursor == second.cursor


def test_an_incomplete_reading_reports_nobody_as_deleted(connect: Connect, otds: Server, admin: Rest) -> None:
    watch = Watch(connect(page_size=20))
    watch.poll()
    admin("DELETE", "/users/otto.keller@Northwind")
    otds.app.faults.add(FaultKind.FEWER_ROWS, path="*/users", times=1, after=1)

    poll = watch.poll()

    assert poll.happenings == []
    assert any("deleted" in warning for warning in poll.warnings)
    assert watch.kinds() == ["deleted"]


def test_an_incomplete_first_reading_is_learned_again(connect: Connect, otds: Server) -> None:
    watch = Watch(connect(page_size=20))
    otds.app.faults.add(FaultKind.FEWER_ROWS, path="*/users", times=1)

    assert watch.poll().warnings
    assert watch.kinds() == []
    assert len(watch.memory.kept) == 64


def test_a_reset_sandbox_is_the_same_people(watch: Watch, otds: Server) -> None:
    otds.app.reset()

    assert watch.kinds() == []
