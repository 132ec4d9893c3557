"""Pages of the workflows."""

from django.urls import path

from hub.web.app import app
from workflows.web import app_pages, callbacks, opting_out

urlpatterns = [
    path("workflows", app, name="workflows"),
    path("workflows/<slug:slug>", app, name="workflow"),
    path("workflows/<slug:slug>/design", app, name="workflow-design"),
    path("runs", app, name="runs"),
    path("runs/<uuid:run_id>", app, name="run"),
    path("runs/<uuid:run_id>/compare", app, name="run-compare"),
    path("runs/<uuid:run_id>/compare/<uuid:other_id>", app, name="runs-compared"),
    path("alerts", app, name="alerts"),
    path("keys", app, name="keys"),
    path("keys/<str:name>", app, name="key"),
    path("templates", app, name="templates"),
    path("templates/<slug:name>", app, name="template"),
    path("templates/<slug:name>/upgrade/<slug:slug>", app, name="template-upgrade"),
    path("plans", app, name="plans"),
    path("plans/<uuid:plan_id>", app, name="plan"),
    path("approvals", app, name="approvals"),
    path("approvals/<uuid:approval_id>", app_pages.approval, name="approval"),
    path("callbacks/<str:signed>", callbacks.callback, name="callback"),
    path("deliveries", app, name="deliveries"),
    path("opt-out/<str:link>", opting_out.opt_out, name="opt-out"),
    path("retention", app, name="retention"),
    path("deputies", app, name="deputies"),
    path("evidence", app, name="evidence"),
    path("evidence/could-see", app, name="could-see"),
    path("findings", app, name="findings"),
    path("owners", app, name="owners"),
    path("delegates", app, name="delegates"),
    path("private-hosts", app, name="private-hosts"),
    path("opt-outs", app, name="opt-outs"),
]
