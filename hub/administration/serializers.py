"""What the addresses of the administration take and give."""

from __future__ import annotations

from rest_framework import serializers

from hub.accounts.roles import Role
from hub.api.serializers import Choice, Input, Output

ROLES = [role.value for role in Role]


class SignInInput(Input):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)


class PersonOutput(Output):
    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField()


class WorkspaceOutput(Output):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()


class MeWorkspaceOutput(Output):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    roles = serializers.ListField(child=Choice(ROLES))


class MeOutput(Output):
    """Who calls. `verbs` is everything they may do in the workspace they work in."""

    person = PersonOutput()
    workspace = WorkspaceOutput(allow_null=True)
    roles = serializers.ListField(child=Choice(ROLES))
    verbs = serializers.ListField(child=serializers.CharField())
    workspaces = MeWorkspaceOutput(many=True)
    token = serializers.UUIDField(allow_null=True, help_text="The token that was used, when one was.")


class WorkspaceInput(Input):
    slug = serializers.CharField(max_length=63)
    name = serializers.CharField(max_length=200)


class RenameInput(Input):
    name = serializers.CharField(max_length=200)


class MemberOutput(Output):
    id = serializers.UUIDField()
    person = PersonOutput()
    roles = serializers.ListField(child=Choice(ROLES))
    created_at = serializers.DateTimeField()


class MemberInput(Input):
    username = serializers.CharField(max_length=150)
    roles = serializers.ListField(child=Choice(ROLES), allow_empty=False)


class RolesInput(Input):
    roles = serializers.ListField(child=Choice(ROLES), allow_empty=False)


class PersonInput(Input):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    email = serializers.CharField(max_length=254, required=False, allow_blank=True)


class PasswordInput(Input):
    current = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)
    new = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)


class TokenOutput(Output):
    """A token. Its text is not kept; `ending` tells which one it is."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    ending = serializers.CharField()
    owner = PersonOutput()
    roles = serializers.ListField(child=Choice(ROLES))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)


class NewTokenOutput(Output):
    token = TokenOutput()
    text = serializers.CharField(help_text="The token itself. It is shown only now.")


class TokenInput(Input):
    name = serializers.CharField(max_length=200)
    roles = serializers.ListField(
        child=Choice(ROLES),
        required=False,
        help_text="At most the roles you have. Without any: all of them.",
    )
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
