"""Sessions, people, workspaces, members and tokens by API."""

from __future__ import annotations

from django.contrib.auth import logout, update_session_auth_hash
from django.middleware.csrf import get_token
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.access import Actor, actor_for, workspaces_of
from hub.administration import members, people, sessions, tokens, workspaces
from hub.administration import serializers as shapes
from hub.administration.me import about
from hub.api.errors import NotFound
from hub.api.schema import operation
from hub.api.serializers import PageQuery, paged
from hub.api.views import ApiView


class SessionView(ApiView):
    open_to_all = True

    @operation("Sign in", id="session_start", takes=shapes.SignInInput, gives=shapes.MeOutput, public=True)
    def post(self, request: Request) -> Response:
        person = sessions.sign_in(request._request, **self.read(shapes.SignInInput))
        get_token(request._request)  # Sets the cookie that later requests need.
        try:
            actor = actor_for(person)
        except NotFound:
            actor = None
        return self.answer(about(person, actor), shapes.MeOutput)

    @operation("Sign out", id="session_end")
    def delete(self, request: Request) -> Response:
        if request.auth is None:
            sessions.sign_out(request._request)
            logout(request._request)
        return self.nothing()


class MeView(ApiView):
    needs_workspace = False

    @operation("Say who I am, and what I may do", id="me", gives=shapes.MeOutput)
    def get(self, request: Request) -> Response:
        return self.answer(about(self.person, getattr(request, "actor", None)), shapes.MeOutput)


class PasswordView(ApiView):
    @operation("Change my password", id="me_password", takes=shapes.PasswordInput)
    def put(self, request: Request) -> Response:
        person = people.change_password(self.actor, **self.read(shapes.PasswordInput))
        update_session_auth_hash(request._request, person)
        return self.nothing()


class WorkspacesView(ApiView):
    needs_workspace = False

    @operation("List my workspaces", id="workspaces_list", gives=paged(shapes.WorkspaceOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        rows = workspaces_of(self.person)
        actor: Actor | None = getattr(request, "actor", None)
        if actor is not None and actor.token is not None:
            rows = rows.filter(id=actor.workspace.id)
        return self.page(rows, shapes.WorkspaceOutput, newest_first=False)

    @operation(
        "Make a workspace",
        id="workspaces_create",
        takes=shapes.WorkspaceInput,
        gives=shapes.WorkspaceOutput,
        status=201,
    )
    def post(self, request: Request) -> Response:
        made = workspaces.create_workspace(self.actor, **self.read(shapes.WorkspaceInput))
        return self.answer(made, shapes.WorkspaceOutput, status=201)


class WorkspaceView(ApiView):
    @operation("Show the workspace I work in", id="workspace_get", gives=shapes.WorkspaceOutput)
    def get(self, request: Request) -> Response:
        return self.answer(self.actor.workspace, shapes.WorkspaceOutput)

    @operation(
        "Rename the workspace I work in",
        id="workspace_rename",
        takes=shapes.RenameInput,
        gives=shapes.WorkspaceOutput,
    )
    def patch(self, request: Request) -> Response:
        renamed = workspaces.rename_workspace(self.actor, **self.read(shapes.RenameInput))
        return self.answer(renamed, shapes.WorkspaceOutput)


class MembersView(ApiView):
    @operation("List members", id="members_list", gives=paged(shapes.MemberOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        return self.page(members.list_members(self.actor), shapes.MemberOutput, newest_first=False)

    @operation("Add a member", id="members_add", takes=shapes.MemberInput, gives=shapes.MemberOutput, status=201)
    def post(self, request: Request) -> Response:
        added = members.add_member(self.actor, **self.read(shapes.MemberInput))
        return self.answer(added, shapes.MemberOutput, status=201)


class MemberView(ApiView):
    @operation("Show a member", id="members_get", gives=shapes.MemberOutput)
    def get(self, request: Request, member: str) -> Response:
        return self.answer(members.find_member(self.actor, member=member), shapes.MemberOutput)

    @operation(
        "Change a member's roles", id="members_change_roles", takes=shapes.RolesInput, gives=shapes.MemberOutput
    )
    def patch(self, request: Request, member: str) -> Response:
        changed = members.change_roles(self.actor, member=member, **self.read(shapes.RolesInput))
        return self.answer(changed, shapes.MemberOutput)

    @operation("Remove a member", id="members_remove")
    def delete(self, request: Request, member: str) -> Response:
        members.remove_member(self.actor, member=member)
        return self.nothing()


class PeopleView(ApiView):
    @operation("Create a person", id="people_create", takes=shapes.PersonInput, gives=shapes.PersonOutput, status=201)
    def post(self, request: Request) -> Response:
        made = people.create_person(self.actor, **self.read(shapes.PersonInput))
        return self.answer(made, shapes.PersonOutput, status=201)


class TokensView(ApiView):
    @operation("List tokens", id="tokens_list", gives=paged(shapes.TokenOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        return self.page(tokens.list_tokens(self.actor), shapes.TokenOutput)

    @operation("Make a token", id="tokens_create", takes=shapes.TokenInput, gives=shapes.NewTokenOutput, status=201)
    def post(self, request: Request) -> Response:
        token, text = tokens.create_token(self.actor, **self.read(shapes.TokenInput))
        return self.answer({"token": token, "text": text}, shapes.NewTokenOutput, status=201)


class TokenView(ApiView):
    @operation("Revoke a token", id="tokens_revoke")
    def delete(self, request: Request, token: str) -> Response:
        tokens.revoke_token(self.actor, token=token)
        return self.nothing()
