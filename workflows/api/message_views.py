"""Messages to runs by API."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import Input
from hub.api.views import ApiView
from workflows.engine.bell import ring
from workflows.models import Message
from workflows.services.messages import send_message


class MessageInput(Input):
    event = serializers.CharField(max_length=100)
    key = serializers.CharField(max_length=300, help_text="Which run it is for: the key that its step waits for.")
    payload = serializers.JSONField(required=False, allow_null=True, default=None)
    identity = serializers.CharField(
        max_length=200, required=False, allow_null=True, default=None, help_text="The same message is kept once."
    )


class MessageOutput(serializers.ModelSerializer[Message]):
    class Meta:
        model = Message
        fields = ["id", "event", "key", "created_at"]


class MessagesView(ApiView):
    @operation("Send a message to a run", id="messages_send", takes=MessageInput, gives=MessageOutput, status=202)
    def post(self, request: Request) -> Response:
        made = send_message(self.actor, **self.read(MessageInput))
        ring()
        return self.answer(made, MessageOutput, status=202)
