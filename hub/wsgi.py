"""What the web server calls. Applications of their own, named in `settings.MOUNTS`, are asked before Django's."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

_pages = get_wsgi_application()


def _mounts() -> dict[str, Callable[..., Iterable[bytes]]]:
    from django.conf import settings
    from django.utils.module_loading import import_string

    return {prefix: import_string(name) for prefix, name in settings.MOUNTS.items()}


_mounted = _mounts()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Route by the beginning of the path."""
    path = environ.get("PATH_INFO", "")
    for prefix, mounted in _mounted.items():
        if path.startswith(prefix):
            return mounted(environ, start_response)
    return _pages(environ, start_response)
