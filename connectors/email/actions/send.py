"""Sending a message."""

from __future__ import annotations

from connectors.email.client import EmailClient
from connectors.email.messages import Attached, Letter, write_message
from hub.sdk import Action, Call, Effect, Fields, field


class Attachment(Fields):
    name: str = field("File name", min_length=1, max_length=200)
    content: str = field("Content", help="Base64.")
    content_type: str = field("Content type", default="application/octet-stream")


class Send(Action[EmailClient]):
    """Send an e-mail with text, HTML and attachments."""

    title = "Send e-mail"
    effect = Effect.ONCE  # Sending again would be a second message.

    class Input(Fields):
        to: list[str] = field("To", default_factory=list, max_length=500)
        subject: str = field("Subject", default="", max_length=900)
        text: str = field("Text", default="", lines=8)
        html: str = field("HTML", default="", lines=8)
        cc: list[str] = field("Cc", default_factory=list, max_length=500)
        bcc: list[str] = field("Bcc", default_factory=list, max_length=500)
        reply_to: list[str] = field("Reply to", default_factory=list, advanced=True)
        headers: dict[str, str] = field("Further headers", default_factory=dict, advanced=True)
        attachments: list[Attachment] = field("Attachments", default_factory=list)

    class Output(Fields):
        message_id: str = field("Message-ID")
        accepted: list[str] = field("Accepted recipients")
        reply: str = field("What the server said")

    def run(self, input: Input, client: EmailClient, call: Call) -> Output:
        attached = [Attached(each.name, each.content, each.content_type) for each in input.attachments]
        letter = Letter(
            client.settings.sender,
            input.to,
            input.subject,
            input.text,
            input.html,
            input.cc,
            input.bcc,
            input.reply_to,
            input.headers,
            attached,
        )
        message, sender, recipients = write_message(letter, call.key)
        sent = client.send(message, sender, recipients, call.timeout_seconds)
        return self.Output(message_id=str(message["Message-ID"]), accepted=sent.accepted, reply=sent.reply)
