from django.urls import path

from hub.connections import api

urlpatterns = [
    path("connections", api.ConnectionsView.as_view()),
    path("connections/<str:connection>", api.ConnectionView.as_view()),
    path("connections/<str:connection>/test", api.ConnectionTestView.as_view()),
    path("connections/<str:connection>/check-directory", api.DirectoryCheckView.as_view()),
    path("connections/<str:connection>/uses", api.ConnectionUsesView.as_view()),
    path("connections/<str:connection>/choices/<str:choices>", api.ConnectionChoicesView.as_view()),
    path("sandboxes", api.SandboxesView.as_view()),
    path("egress-rules", api.EgressRulesView.as_view()),
    path("egress-rules/<str:rule>", api.EgressRuleView.as_view()),
]
