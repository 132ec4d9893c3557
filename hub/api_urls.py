"""The API's addresses, gathered from the parts of the platform and, by name, from the workflows."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
