from django.urls import path

from workflows.api import views

urlpatterns = [
    path("workflows", views.WorkflowsView.as_view()),
    path("workflows/<str:workflow>", views.WorkflowView.as_view()),
    path("workflows/<str:workflow>/problems", views.ProblemsView.as_view()),
    path("workflows/<str:workflow>/publish", views.PublishView.as_view()),
    path("workflows/<str:workflow>/runs", views.StartView.as_view()),
    path("runs", views.RunsView.as_view()),
    path("runs/<str:run>", views.RunView.as_view()),
    path("runs/<str:run>/cancel", views.CancelView.as_view()),
    path("runs/<str:run>/retry", views.RetryView.as_view()),
    path("runs/<str:run>/steps/<str:step>/settle", views.SettleView.as_view()),
]
