"""HTTP over our own connections: the long way for questions, a short one for orders.

Both use the same connections. The short way leaves out what a client library does around a
request (cookies, redirects, decoding, history); the errors are httpx's either way.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import httpcore
import httpx

from tradedesk.gateway.rest.wire_stream import WireBackend

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Iterator

    from tradedesk.gateway.rest.trace import SendTrace

MAX_CONNECTIONS: Final = 8


@contextmanager
def _httpx_errors() -> Iterator[None]:
    """Raise httpx's error of the same name."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as error:
        named: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
        raise named(str(error)) from error


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _httpx_errors():
            async for part in self._response.aiter_stream():
                yield part

    async def aclose(self) -> None:
        await self._response.aclose()


class WireTransport(httpx.AsyncBaseTransport):
    """HTTP/1.1, no transport retries, no proxies.

    Parameters
    ----------
    base_url : str
        Where the short way goes.
    tls : ssl.SSLContext
        Shared context.
    headers : mapping of str to str
        Sent with every order.
    timeouts : httpx.Timeout
        Of the steps of an order.
    keepalive_s : float
        How long an idle connection is kept.
    """

    def __init__(
        self,
        base_url: str,
        tls: ssl.SSLContext,
        headers: dict[str, str],
        timeouts: httpx.Timeout,
        keepalive_s: float,
    ) -> None:
        self._core = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_CONNECTIONS,
            keepalive_expiry=keepalive_s,
            network_backend=WireBackend(),
        )
        self._base_url = base_url.rstrip("/")
        self._urls: dict[str, httpcore.URL] = {}
        self._headers = [(name.encode(), text.encode()) for name, text in headers.items()]
        self._timeouts = timeouts.as_dict()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send what a client made."""
        assert isinstance(request.stream, httpx.AsyncByteStream)
        with _httpx_errors():
            response = await self._core.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    async def post(
        self, path: str, content: bytes, token: str, trace: SendTrace
    ) -> tuple[int, httpx.Headers, bytes]:
        """Send one order's body; give status, headers and body of the answer.

        Raises
        ------
        httpx.TransportError
            On any trouble; ``trace`` knows how far it had come.
        """
        url = self._urls.get(path)
        if url is None:
            url = self._urls[path] = httpcore.URL(f"{self._base_url}{path}")
        with _httpx_errors():
            response = await self._core.request(
                "POST",
                url,
                headers=[*self._headers, (b"Authorization", f"Bearer {token}".encode())],
                content=content,
                extensions={"trace": trace, "timeout": self._timeouts},
            )
        return response.status, httpx.Headers(response.headers), response.content

    async def aclose(self) -> None:
        """Close every connection."""
        await self._core.aclose()
