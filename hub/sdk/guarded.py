"""The guarded way out: what `Egress` promises, done with requests."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
from requests.cookies import RequestsCookieJar
from urllib3.exceptions import HTTPError

from hub.sdk import patience
from hub.sdk.addresses import Allowance
from hub.sdk.deadlines import Deadline, Guarded, secured
from hub.sdk.dialing import Dialer, Resolver, trust
from hub.sdk.egress import Policy
from hub.sdk.errors import Misconfigured, TryLater, UnexpectedReply
from hub.sdk.pacing import Pace, Pacing, retry_after
from hub.sdk.transport import GuardedAdapter, GuardedResponse, shown
from hub.sdk.watching import Nobody, Watcher

LARGEST_REPLY_BYTES = 64 * 1024 * 1024
LONGEST_STREAM_SECONDS = 3600.0
MOST_REDIRECTS = 5
_LEAVE_ALONE = {429, 503}
"""With these, Retry-After is meant for whoever would ask next."""
# Everything else may be a credential: an API key's header has any name.
_HEADERS_FOR_STRANGERS = {"accept", "accept-language", "accept-encoding", "user-agent"}


class GuardedEgress:
    """The guarded network of one connection; threads may share it. See `Egress` for what each method promises."""

    def __init__(
        self,
        policy: Policy,
        *,
        requests_per_second: float | None = None,
        pace: Pacing | None = None,
        timeout_seconds: float = 30.0,
        resolver: Resolver = socket.getaddrinfo,
        watcher: Watcher | None = None,
    ) -> None:
        try:
            allowance = Allowance(policy.allow)
        except ValueError as trouble:
            raise Misconfigured(f"An egress rule cannot be read: {trouble}") from None
        self._timeout_seconds = timeout_seconds
        own = Pace(requests_per_second) if requests_per_second is not None else None
        self._pace: Pacing | None = pace or own
        self._dialer = Dialer(allowance, resolver)
        self._watcher: Watcher = watcher or Nobody()
        self._use(GuardedAdapter(self._dialer, trust("")))

    def _use(self, adapter: GuardedAdapter) -> None:
        self._adapter = adapter
        self._local = threading.local()

    def trusting(self, authorities: str) -> Self:
        """The same way out, which also trusts these certificate authorities (PEM text)."""
        made = object.__new__(type(self))
        made._timeout_seconds, made._pace, made._dialer = self._timeout_seconds, self._pace, self._dialer
        made._watcher = self._watcher
        made._use(GuardedAdapter(self._dialer, trust(authorities)))
        return made

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Any = None,
        headers: dict[str, str] | None = None,
        cookies: dict[str, str] | None = None,
        json: Any = None,
        data: Any = None,
        files: Any = None,
        auth: Any = None,
        timeout_seconds: float | None = None,
        stream: bool = False,
        follow_redirects: bool = True,
        max_bytes: int | None = None,
    ) -> requests.Response:
        session = self._session()
        request = requests.Request(
            method, url, params=params, headers=headers, cookies=cookies, json=json, data=data, files=files, auth=auth
        )
        prepared = _prepare(session, request)
        patience.check()
        if self._pace is not None:
            self._pace.wait()
        deadline = Deadline(timeout_seconds or self._timeout_seconds)
        for _ in range(MOST_REDIRECTS + 1):
            response = self._send(session, prepared, deadline)
            self._learn(response)
            target = _target(session, response) if follow_redirects else None
            if target is None:
                return self._received(response, deadline, stream, max_bytes)
            response.close()
            prepared = _follow(session, prepared, response, target)
        raise UnexpectedReply(
            f"{shown(method, url)} was redirected more than {MOST_REDIRECTS} times. Check the address."
        )

    def _learn(self, response: requests.Response) -> None:
        """A service that is asked too often, or is away for a while, says for how long it wants to be left alone."""
        after = retry_after(response.headers) if response.status_code in _LEAVE_ALONE else None
        if self._pace is not None and after:
            self._pace.slow_down(after)

    def _send(self, session: requests.Session, prepared: requests.PreparedRequest, deadline: Deadline) -> Any:
        what = shown(prepared.method, prepared.url)
        answered, status = self._watcher.leaves(prepared), None
        with self._dialer.keeping(deadline):
            try:
                response = session.send(
                    prepared, stream=True, timeout=deadline.left(), allow_redirects=False, proxies={}, verify=True
                )
                status = response.status_code
                return response
            except (requests.Timeout, TimeoutError):
                raise TryLater(f"{what} got no answer in time.") from None
            except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema):
                raise Misconfigured(f"{what}: this address cannot be used. Check the URL.") from None
            except requests.exceptions.InvalidHeader:
                raise Misconfigured(f"{what}: a header holds characters that are not allowed.") from None
            except (requests.RequestException, HTTPError, OSError):
                raise TryLater(f"{what}: the connection was cut before the answer came.") from None
            finally:
                answered(status)

    def _received(
        self, response: GuardedResponse, deadline: Deadline, stream: bool, max_bytes: int | None
    ) -> requests.Response:
        response.most_bytes = max_bytes if max_bytes is not None or stream else LARGEST_REPLY_BYTES
        response.check_announced_size()
        if stream:
            deadline.extend(LONGEST_STREAM_SECONDS)
        else:
            _ = response.content  # Read here, so that every trouble is raised here.
        return response

    def connect(self, host: str, port: int, *, timeout_seconds: float | None = None) -> Guarded:
        if self._pace is not None:
            self._pace.wait()
        return self._dialer.dial(host, port, Deadline(timeout_seconds or self._timeout_seconds))

    def secure(self, made: Guarded, host: str, *, authorities: str = "") -> Guarded:
        return secured(made, trust(authorities), host)

    def resolve(self, host: str, port: int) -> str:
        return str(self._dialer.targets(host, port)[0][1][0])

    def close(self) -> None:
        """Close the kept connections. The next request opens new ones."""
        self._adapter.close()

    def _session(self) -> requests.Session:
        """This thread's session. Connections are shared by all; cookies are kept by nobody."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = _Session()
            session.trust_env = False
            session.cookies = RequestsCookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
            session.adapters.clear()
            session.mount("http://", self._adapter)
            session.mount("https://", self._adapter)
            self._local.session = session
        return session


def _prepare(session: requests.Session, request: requests.Request) -> requests.PreparedRequest:
    what = shown(request.method, request.url)
    try:
        parts = urlsplit(request.url)
        _ = parts.port
    except ValueError:
        raise Misconfigured(f"{what}: this is no URL. Check its host and port.") from None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise Misconfigured(f"{what}: only http:// and https:// addresses with a host can be called.")
    try:
        return session.prepare_request(request)
    except requests.exceptions.InvalidHeader:
        raise Misconfigured(f"{what}: a header holds characters that are not allowed.") from None
    except requests.exceptions.InvalidJSONError:
        raise Misconfigured(f"{what}: the body cannot be written as JSON.") from None
    except (requests.RequestException, UnicodeError, ValueError):
        raise Misconfigured(f"{what}: the request cannot be made. Check the URL, headers and body.") from None


class _Session(requests.Session):
    """Redirects are followed here, hop by hop; the library would look at them already when it only sends."""

    def resolve_redirects(self, *_: Any, **__: Any) -> Iterator[Any]:
        return iter(())


def _target(session: requests.Session, response: requests.Response) -> str | None:
    """Where a reply redirects to; None when it does not."""
    try:
        return session.get_redirect_target(response)
    except ValueError:
        response.close()
        raise _leads_nowhere(response.request) from None


def _leads_nowhere(before: requests.PreparedRequest) -> UnexpectedReply:
    return UnexpectedReply(f"{shown(before.method, before.url)} was redirected to something that is no address.")


def _follow(
    session: requests.Session, before: requests.PreparedRequest, response: requests.Response, target: str
) -> requests.PreparedRequest:
    """The request of the next hop. Another host gets no credential, and never a body."""
    method = str(before.method)
    try:
        url = urljoin(str(before.url), target)
    except ValueError:
        raise _leads_nowhere(before) from None
    body = before.body
    if (response.status_code == 303 and method != "HEAD") or (
        response.status_code in {301, 302} and method == "POST"
    ):
        method, body = "GET", None
    stranger = _origin(url) != _origin(str(before.url))
    what = shown(before.method, before.url)
    if stranger and (body is not None or method not in {"GET", "HEAD", "OPTIONS"}):
        raise Misconfigured(
            f"{what} was redirected to {shown('', url)}. What is sent there would leave the "
            "service of this connection; set its address to where the service really is."
        )
    if body is not None and not isinstance(body, str | bytes):
        raise UnexpectedReply(f"{what} was redirected, but its body cannot be sent a second time.")
    dropped = {"host", "content-length", "transfer-encoding"} | ({"content-type"} if body is None else set())
    headers = {
        name: value
        for name, value in before.headers.items()
        if name.lower() not in dropped and (not stranger or name.lower() in _HEADERS_FOR_STRANGERS)
    }
    request = requests.Request(method, url, headers=headers, data=body)
    return _prepare(session, request)


def _origin(url: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnexpectedReply("The service redirected to something that is no URL.") from None
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), port or {"http": 80, "https": 443}.get(scheme)
