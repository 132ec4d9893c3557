from django.urls import path

from hub.administration import api
from hub.administration.schema_api import SchemaView

urlpatterns = [
    path("session", api.SessionView.as_view()),
    path("me", api.MeView.as_view()),
    path("me/password", api.PasswordView.as_view()),
    path("workspaces", api.WorkspacesView.as_view()),
    path("workspace", api.WorkspaceView.as_view()),
    path("members", api.MembersView.as_view()),
    path("members/<str:member>", api.MemberView.as_view()),
    path("people", api.PeopleView.as_view()),
    path("tokens", api.TokensView.as_view()),
    path("tokens/<str:token>", api.TokenView.as_view()),
    path("schema", SchemaView.as_view()),
]
