from django.urls import path

from hub.registry import api

urlpatterns = [
    path("connectors", api.ConnectorsView.as_view()),
    path("connectors/<str:connector>", api.ConnectorView.as_view()),
]
