from django.urls import path

from hub.audit import api
from hub.audit.evidence import api as evidence

urlpatterns = [
    path("audit", api.AuditView.as_view()),
    path("audit/verify", api.AuditVerifyView.as_view()),
    path("evidence", evidence.RecordsView.as_view()),
    path("evidence/feeds", evidence.FeedsView.as_view()),
    path("evidence/verify", evidence.VerifyView.as_view()),
    path("evidence/could-see", evidence.SeeingView.as_view()),
    path("evidence/acts", evidence.ActsView.as_view()),
    path("evidence/packs", evidence.PacksView.as_view()),
    path("evidence/packs/<str:pack>/content", evidence.PackContentView.as_view()),
    path("evidence/holds", evidence.HoldsView.as_view()),
    path("evidence/holds/<str:hold>", evidence.HoldView.as_view()),
    path("evidence/rules", evidence.RulesView.as_view()),
]
