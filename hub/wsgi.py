"""What the web server calls. Applications of their own, named in `settings.MOUNTS`, are asked before Django's."""

import os
import socket
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

_pages = get_wsgi_application()


def _mounts() -> dict[str, Callable[..., Iterable[bytes]]]:
    from django.conf import settings
    from django.utils.module_loading import import_string

    return {prefix: import_string(name) for prefix, name in settings.MOUNTS.items()}


def _begin_heart() -> None:
    from django.conf import settings

    from hub.operations.heartbeats import Heart

    if settings.ROLE == "web":
        Heart("web", f"{socket.gethostname()}:{os.getpid()}").start()


_mounted = _mounts()
_begin_heart()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Route by the beginning of the path."""
    path = environ.get("PATH_INFO", "")
    for prefix, mounted in _mounted.items():
        if path.startswith(prefix):
            return mounted(environ, start_response)
    return _pages(environ, start_response)
