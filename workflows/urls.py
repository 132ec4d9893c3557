"""Pages of the workflows."""

from django.urls import path

from hub.web.app import app
from workflows.web import app_pages, callbacks, delivery_pages, design_pages, pages, template_pages

urlpatterns = [
    path("workflows", pages.workflows, name="workflows"),
    path("new-workflow", design_pages.make, name="workflow-make"),
    path("workflows/<slug:slug>", pages.workflow, name="workflow"),
    path("workflows/<slug:slug>/design", app, name="workflow-design"),
    path("workflows/<slug:slug>/duplicate", design_pages.duplicate, name="workflow-duplicate"),
    path("workflows/<slug:slug>/export", design_pages.export, name="workflow-export"),
    path("workflows/<slug:slug>/start", pages.start, name="workflow-start"),
    path("workflows/<slug:slug>/switch", pages.switch, name="workflow-switch"),
    path("triggers/<uuid:trigger_id>/act", pages.act_on_trigger, name="trigger-act"),
    path("runs", app, name="runs"),
    path("runs/<uuid:run_id>", app, name="run"),
    path("templates", template_pages.templates, name="templates"),
    path("templates/<slug:name>", template_pages.template, name="template"),
    path("templates/<slug:name>/install", template_pages.install, name="template-install"),
    path("installations/<slug:slug>/act", template_pages.act, name="installation-act"),
    path("plans", app, name="plans"),
    path("plans/<uuid:plan_id>", app, name="plan"),
    path("approvals", app, name="approvals"),
    path("approvals/<uuid:approval_id>", app_pages.approval, name="approval"),
    path("deliveries", delivery_pages.deliveries, name="deliveries"),
    path("deliveries/<uuid:delivery_id>/settle", delivery_pages.settle, name="delivery-settle"),
    path("opt-out/<str:link>", delivery_pages.opt_out, name="opt-out"),
    path("callbacks/<str:signed>", callbacks.callback, name="callback"),
    path("deputies", app, name="deputies"),
]
