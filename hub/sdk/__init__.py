"""All that a connector's author imports. Plain Python: it knows nothing of Django or of the hub's storage."""

from hub.sdk.actions import Action, Settled
from hub.sdk.connectors import SignIn
from hub.sdk.effects import Effect
from hub.sdk.egress import Egress, Policy
from hub.sdk.errors import ConnectorError, Misconfigured, Rejected, SignInRefused, TryLater, UnexpectedReply
from hub.sdk.events import Cursor, EventSource, Happening, Kept, Memory, Poll
from hub.sdk.fields import Fields, Misfit, OpenFields, field, parts_named, schema_of, secret_names
from hub.sdk.opening import Call, Choice, Identity, MemoryTokens, Opening, TokenCache
from hub.sdk.resources import Proof, Reading, Record, Resource, Stream

__all__ = [
    "Action",
    "Call",
    "Choice",
    "ConnectorError",
    "Cursor",
    "Effect",
    "Egress",
    "EventSource",
    "Fields",
    "Happening",
    "Identity",
    "Kept",
    "Memory",
    "MemoryTokens",
    "Misconfigured",
    "Misfit",
    "OpenFields",
    "Opening",
    "Policy",
    "Poll",
    "Proof",
    "Reading",
    "Record",
    "Rejected",
    "Resource",
    "Settled",
    "SignIn",
    "SignInRefused",
    "Stream",
    "TokenCache",
    "TryLater",
    "UnexpectedReply",
    "field",
    "parts_named",
    "schema_of",
    "secret_names",
]
