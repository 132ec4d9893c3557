"""The page of members and tokens."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from hub.accounts.access import Actor
from hub.accounts.roles import Role
from hub.administration import members, people, tokens
from hub.api.errors import Invalid, ProblemError
from hub.web.pages import page

_SHOWN = 500
MEANINGS = {
    Role.ADMIN: "Runs the workspace: people, connections, private hosts",
    Role.BUILDER: "Makes workflows and connections",
    Role.OPERATOR: "Starts, watches and mends runs; applies approved plans",
    Role.APPROVER: "Approves or refuses plans",
    Role.AUDITOR: "Reads everything, changes nothing",
}
LIFETIMES = (("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "until it is revoked"))


@page("member.view")
def members_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _show(request, actor)


@require_POST
@sensitive_post_parameters("password")
@page("member.edit")
def add_member(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add somebody, and make the person first when a password is given."""
    username, password = request.POST.get("username", "").strip(), request.POST.get("password", "")
    try:
        if not request.POST.getlist("roles"):
            raise Invalid("Give at least one role.")
        if password:
            people.create_person(
                actor, username=username, password=password, name=request.POST.get("name", "").strip()
            )
        added = members.add_member(actor, username=username, roles=_roles(request))
    except ProblemError as problem:
        return _show(request, actor, problem=problem, username=username)
    messages.success(request, f"{added.person} now belongs to this workspace.", extra_tags="good")
    return redirect("members")


@require_POST
@page("member.edit")
def change_member(request: HttpRequest, actor: Actor, member: str) -> HttpResponse:
    try:
        if request.POST.get("do") == "remove":
            members.remove_member(actor, member=member)
            messages.success(request, "The member was removed.", extra_tags="good")
        else:
            changed = members.change_roles(actor, member=member, roles=_roles(request))
            messages.success(request, f"The roles of {changed.person} are changed.", extra_tags="good")
    except ProblemError as problem:
        return _show(request, actor, problem=problem)
    return redirect("members")


@never_cache
@require_POST
@page("token.own")
def create_token(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a token, and show its text on the page that answers. Reloading that page does not show it again."""
    name, days = request.POST.get("token_name", "").strip(), request.POST.get("days", "")
    try:
        if not name:
            raise Invalid("Give the token a name that says what uses it.")
        ends = timezone.now() + timedelta(days=min(int(days), 3650)) if days.isdigit() and int(days) else None
        made, text = tokens.create_token(actor, name=name[:200], roles=_roles(request), expires_at=ends)
    except ProblemError as problem:
        return _show(request, actor, problem=problem)
    return _show(request, actor, made=made, text=text)


@require_POST
@page("token.own")
def revoke_token(request: HttpRequest, actor: Actor, token: str) -> HttpResponse:
    revoked = tokens.revoke_token(actor, token=token)
    messages.success(request, f'The token "{revoked.name}" no longer works.', extra_tags="good")
    return redirect("members")


def _roles(request: HttpRequest) -> list[str]:
    return [role for role in request.POST.getlist("roles") if role in set(Role)]


def _show(request: HttpRequest, actor: Actor, *, problem: ProblemError | None = None, **more: object) -> HttpResponse:
    roles = [{"value": role.value, "label": role.value.capitalize(), "means": MEANINGS[role]} for role in Role]
    shown = {
        "members": list(members.list_members(actor).order_by("id")[:_SHOWN]),
        "tokens": list(tokens.list_tokens(actor).filter(revoked_at=None).order_by("-id")[:_SHOWN]),
        "roles": roles,
        "own_roles": [role for role in roles if role["value"] in actor.roles],
        "lifetimes": LIFETIMES,
        "may_edit": actor.may("member.edit"),
        "now": timezone.now(),
        "problem": problem,
    }
    return render(request, "web/members.html", {**shown, **more}, status=problem.status if problem else 200)
