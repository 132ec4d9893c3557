"""The pages of the platform."""

from django.urls import path

from hub.web import app, audit, connections, people, views

urlpatterns = [
    path("", app.app, name="home"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("workspace", views.choose_workspace, name="choose-workspace"),
    path("connections", connections.connections, name="connections"),
    path("connections/new", connections.new, name="connection-new"),
    path("connections/<uuid:connection_id>", connections.connection, name="connection"),
    path("connections/<uuid:connection_id>/test", connections.test, name="connection-test"),
    path("connections/<uuid:connection_id>/edit", connections.edit, name="connection-edit"),
    path("connections/<uuid:connection_id>/delete", connections.delete, name="connection-delete"),
    path("audit", audit.audit, name="audit"),
    path("audit/check", audit.check, name="audit-check"),
    path("people", people.members_page, name="members"),
    path("people/add", people.add_member, name="member-add"),
    path("people/<uuid:member>", people.change_member, name="member-change"),
    path("tokens", people.create_token, name="token-create"),
    path("tokens/<uuid:token>/revoke", people.revoke_token, name="token-revoke"),
]
