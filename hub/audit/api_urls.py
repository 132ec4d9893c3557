from django.urls import path

from hub.audit import api

urlpatterns = [
    path("audit", api.AuditView.as_view()),
    path("audit/verify", api.AuditVerifyView.as_view()),
]
