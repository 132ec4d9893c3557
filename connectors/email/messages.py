"""Putting a message together. What a field says stays in its field: no line break gets into a header."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address, UniqueAddressHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from hub.sdk import Misconfigured

MOST_BYTES = 25_000_000
_OURS = {
    "from",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "sender",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "return-path",
    "received",
    "dkim-signature",
}


@dataclass(frozen=True)
class Attached:
    name: str
    content: str
    content_type: str


@dataclass(frozen=True)
class Letter:
    """What is to be sent. Addresses may carry a name: "Amara Diallo <amara@example.com>"."""

    sender: str
    to: Sequence[str]
    subject: str
    text: str = ""
    html: str = ""
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    reply_to: Sequence[str] = ()
    headers: dict[str, str] = field(default_factory=dict)
    attachments: Sequence[Attached] = ()


def write_message(letter: Letter, key: str) -> tuple[EmailMessage, str, list[str]]:
    """The message, the envelope's sender and its recipients. Raises Misconfigured with the field at fault."""
    message = EmailMessage(policy=SMTP)
    sender = read_addresses([letter.sender], "sender")[0]
    to, cc = read_addresses(letter.to, "to"), read_addresses(letter.cc, "cc")
    bcc, reply_to = read_addresses(letter.bcc, "bcc"), read_addresses(letter.reply_to, "reply_to")
    if not (to or cc or bcc):
        raise Misconfigured("The message has no recipient.", field="to")
    message["From"] = sender
    for name, addresses in (("To", to), ("Cc", cc), ("Reply-To", reply_to)):
        if addresses:
            message[name] = addresses
    message["Subject"] = _one_line(letter.subject, "subject")
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = message_id(key, sender.domain)
    for name, value in letter.headers.items():
        _add_header(message, name, value)
    message.set_content(letter.text if letter.text or not letter.html else "This message is written in HTML.")
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    _attach(message, letter.attachments)
    recipients = list(dict.fromkeys(address.addr_spec for address in (*to, *cc, *bcc)))
    return message, sender.addr_spec, recipients


def message_id(key: str, domain: str) -> str:
    """The same for every attempt of one step."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def read_addresses(texts: Sequence[str], place: str) -> list[Address]:
    """The addresses, one per text. Raises Misconfigured for what is none."""
    return [_address(text, place) for text in texts]


def _address(text: str, place: str) -> Address:
    _one_line(text, place)
    found: dict[str, object] = {"defects": [], "parse_tree": None}
    wrong = Misconfigured(f'"{text[:100]}" is no e-mail address.', field=place)
    try:
        UniqueAddressHeader.parse(text, found)
        groups = found["groups"]
        addresses = [address for group in groups for address in group.addresses]  # type: ignore[attr-defined]
    except (HeaderParseError, IndexError, KeyError, AttributeError, ValueError):
        raise wrong from None
    if len(addresses) != 1 or found["defects"]:
        raise wrong
    address: Address = addresses[0]
    domain = address.domain
    if not address.username or not domain or any(character.isspace() for character in address.addr_spec):
        raise wrong
    try:
        return Address(address.display_name, address.username, domain.encode("idna").decode())
    except (UnicodeError, ValueError, HeaderParseError):
        raise wrong from None


def _one_line(text: str, place: str) -> str:
    if any((ord(character) < 32 and character != "\t") or character in "\x7f\x85\u2028\u2029" for character in text):
        raise Misconfigured("A line break or control character is not allowed here.", field=place)
    return text


def _add_header(message: EmailMessage, name: str, value: str) -> None:
    if not name or not all(33 <= ord(character) <= 126 and character != ":" for character in name):
        raise Misconfigured(f'"{name[:60]!a}" is no name of a header.', field="headers")
    if name.lower() in _OURS:
        raise Misconfigured(f'The header "{name}" is set by its own field.', field="headers")
    message[name] = _one_line(value, "headers")


def _attach(message: EmailMessage, attachments: Sequence[Attached]) -> None:
    size = 0
    for number, each in enumerate(attachments):
        place = f"attachments.{number}"
        try:
            content = base64.b64decode("".join(each.content.split()), validate=True)
        except (binascii.Error, ValueError):
            raise Misconfigured("The attachment's content is no base64.", field=f"{place}.content") from None
        size += len(content)
        if size > MOST_BYTES:
            raise Misconfigured("The attachments are larger than 25 MB together.", field="attachments")
        main, _, sub = each.content_type.partition("/")
        if not (main.replace("-", "").isalnum() and sub and all(33 <= ord(c) <= 126 and c not in '";,' for c in sub)):
            raise Misconfigured(f'"{each.content_type[:60]}" is no content type.', field=f"{place}.content_type")
        if main in {"message", "multipart"}:
            main, sub = "application", "octet-stream"
        message.add_attachment(content, maintype=main, subtype=sub, filename=_one_line(each.name, f"{place}.name"))
