"""Every address of the hub. The workflows' addresses are named by string: the platform does not import them."""

from django.urls import include, path

from hub.watch.metrics import metrics

urlpatterns = [
    path("health/", include("hub.operations.urls")),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", include("hub.api_urls")),
    path("", include("hub.web.urls")),
    path("", include("workflows.urls")),
]

handler400 = "hub.web.handlers.bad_request"
handler403 = "hub.web.handlers.forbidden"
handler404 = "hub.web.handlers.not_found"
handler500 = "hub.web.handlers.failed"
