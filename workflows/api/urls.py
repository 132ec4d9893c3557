from django.urls import path

from workflows.api import plan_views, template_views, trigger_views, views

urlpatterns = [
    path("workflows", views.WorkflowsView.as_view()),
    path("workflows/<str:workflow>", views.WorkflowView.as_view()),
    path("workflows/<str:workflow>/problems", views.ProblemsView.as_view()),
    path("workflows/<str:workflow>/publish", views.PublishView.as_view()),
    path("workflows/<str:workflow>/runs", views.StartView.as_view()),
    path("workflows/<str:workflow>/switch", views.SwitchView.as_view()),
    path("workflows/<str:workflow>/triggers", trigger_views.TriggersView.as_view()),
    path("triggers/<str:trigger>/secret", trigger_views.SecretView.as_view()),
    path("triggers/<str:trigger>/reset", trigger_views.ResetView.as_view()),
    path("schedules/preview", trigger_views.PreviewView.as_view()),
    path("runs", views.RunsView.as_view()),
    path("runs/<str:run>", views.RunView.as_view()),
    path("runs/<str:run>/cancel", views.CancelView.as_view()),
    path("runs/<str:run>/retry", views.RetryView.as_view()),
    path("runs/<str:run>/steps/<str:step>/settle", views.SettleView.as_view()),
    path("templates", template_views.TemplatesView.as_view()),
    path("templates/<str:template>", template_views.TemplateView.as_view()),
    path("templates/<str:template>/install", template_views.InstallView.as_view()),
    path("installations", template_views.InstallationsView.as_view()),
    path("installations/<str:installation>", template_views.InstallationView.as_view()),
    path("installations/<str:installation>/simulate", template_views.SimulateView.as_view()),
    path("installations/<str:installation>/run", template_views.RunInstallationView.as_view()),
    path("plans", plan_views.PlansView.as_view()),
    path("plans/<str:plan>", plan_views.PlanView.as_view()),
    path("plans/<str:plan>/changes", plan_views.ChangesView.as_view()),
    path("plans/<str:plan>/decide", plan_views.DecideView.as_view()),
    path("plans/<str:plan>/apply", plan_views.ApplyView.as_view()),
    path("plans/<str:plan>/undo", plan_views.UndoView.as_view()),
]
