"""The platform's addresses for browsers: the application, and what comes before it."""

from django.urls import path

from hub.web import views
from hub.web.app import app

urlpatterns = [
    path("", app, name="home"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("workspace", views.choose_workspace, name="choose-workspace"),
    path("connections", app, name="connections"),
    path("connections/new", app, name="connection-new"),
    path("connections/<uuid:connection_id>", app, name="connection"),
    path("people", app, name="members"),
    path("audit", app, name="audit"),
]
