"""Actors: who may do what, and which rows they see."""

from __future__ import annotations

import pytest

from hub.accounts.access import Actor, actor_for, allow, fetch, visible
from hub.accounts.models import Membership
from hub.accounts.roles import PERMISSIONS, Role, verbs_of
from hub.api.errors import Forbidden, NotFound
from hub.connections.models import EgressRule
from tests.people import join, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(alice: Actor) -> EgressRule:
    return EgressRule.objects.create(workspace=alice.workspace, target="10.0.0.1", note="Test.")


def test_rows_are_seen_in_their_own_workspace_only(alice, bob, charlie, rule):
    assert list(visible(bob, EgressRule)) == [rule]
    assert list(visible(charlie, EgressRule)) == []
    assert fetch(bob, EgressRule, id=rule.id) == rule


@pytest.mark.parametrize("asked", ["theirs", "01990000-0000-7000-8000-000000000000", "no identifier", ""])
def test_what_is_not_seen_is_not_found(charlie, rule, asked):
    with pytest.raises(NotFound, match="no such egress rule"):
        fetch(charlie, EgressRule, id=rule.id if asked == "theirs" else asked)


def test_a_role_that_lacks_the_verb_is_told_which_roles_it_has(bob):
    with pytest.raises(Forbidden, match=r'"egress.edit".*Your roles: builder\.'):
        allow(bob, "egress.edit")


def test_a_verb_that_is_not_in_the_table_is_a_mistake_of_ours(bob):
    with pytest.raises(KeyError):
        allow(bob, "coffee.make")


def test_the_system_may_do_everything_in_its_workspace(team):
    for verb in PERMISSIONS:
        allow(Actor.system(team), verb)


def test_several_roles_may_do_what_each_may(team):
    both = join(make_person("both"), team, [Role.AUDITOR, Role.APPROVER])

    assert set(verbs_of(both.roles)) == set(verbs_of([Role.AUDITOR])) | set(verbs_of([Role.APPROVER]))


def test_the_auditor_changes_nothing():
    changing = {
        "edit",
        "create",
        "publish",
        "delete",
        "start",
        "cancel",
        "retry",
        "settle",
        "approve",
        "apply",
        "undo",
    }

    assert {verb for verb in verbs_of([Role.AUDITOR]) if verb.split(".")[1] in changing} == set()


def test_who_plans_a_change_does_not_approve_it_by_the_same_role():
    assert not {"plan.create", "plan.apply"} & set(verbs_of([Role.APPROVER]))
    assert "plan.approve" not in verbs_of([Role.BUILDER, Role.OPERATOR])


def test_somebody_works_in_the_workspace_they_prefer_or_in_their_first(alice, elsewhere):
    join(alice.person, elsewhere, [Role.AUDITOR])

    assert actor_for(alice.person).workspace.slug == "team"
    assert actor_for(alice.person, preferred="elsewhere").workspace.slug == "elsewhere"
    assert actor_for(alice.person, preferred="gone").workspace.slug == "team"
    with pytest.raises(NotFound):
        actor_for(alice.person, "gone")


def test_who_may_no_longer_sign_in_is_no_member(bob):
    bob.person.is_active = False
    bob.person.save()

    with pytest.raises(NotFound):
        Actor.member(bob.person, bob.workspace)
    assert Membership.objects.filter(person=bob.person).exists()
