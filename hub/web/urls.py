"""The pages of the platform."""

from django.urls import path

from hub.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("workspace", views.choose_workspace, name="choose-workspace"),
]
