"""What a result code means. Everything but success is an error, whatever ldap3 thinks of it."""

from __future__ import annotations

from connectors.ldap.decoding import Result
from hub.sdk import ConnectorError, Misconfigured, Rejected, SignInRefused, TryLater, UnexpectedReply

SUCCESS, SIZE_LIMIT = 0, 4
REFERRAL, NO_SUCH_ATTRIBUTE, TYPE_OR_VALUE_EXISTS, NO_SUCH_OBJECT = 10, 16, 20, 32

_NAMES = {
    1: "operationsError", 2: "protocolError", 3: "timeLimitExceeded", 4: "sizeLimitExceeded",
    7: "authMethodNotSupported", 8: "strongerAuthRequired", 10: "referral", 11: "adminLimitExceeded",
    12: "unavailableCriticalExtension", 13: "confidentialityRequired", 14: "saslBindInProgress",
    16: "noSuchAttribute", 17: "undefinedAttributeType", 18: "inappropriateMatching", 19: "constraintViolation",
    20: "attributeOrValueExists", 21: "invalidAttributeSyntax", 32: "noSuchObject", 33: "aliasProblem",
    34: "invalidDNSyntax", 36: "aliasDereferencingProblem", 48: "inappropriateAuthentication",
    49: "invalidCredentials", 50: "insufficientAccessRights", 51: "busy", 52: "unavailable",
    53: "unwillingToPerform", 54: "loopDetect", 64: "namingViolation", 65: "objectClassViolation",
    66: "notAllowedOnNonLeaf", 67: "notAllowedOnRDN", 68: "entryAlreadyExists", 71: "affectsMultipleDSAs",
    80: "other", 4096: "e-syncRefreshRequired",
}  # fmt: skip
_LIMITS = {3: "its time limit", 4: "its size limit", 11: "an administrative limit"}


def name_of(code: int) -> str:
    return f"{_NAMES.get(code, 'code')} ({code})"


def meaning(result: Result, what: str, *, signing_in: bool = False) -> ConnectorError:
    """The error that a result other than success is. `what` names the operation ("Reading the people")."""
    code, said = result.code, _tidy(result.said)
    words = f"{what}: the directory answered {name_of(code)}{f', {said}' if said else ''}."
    detail: dict[str, object] = {"code": code, "said": said, "matched": result.matched}
    if code in _LIMITS:
        return Rejected(
            f"{what}: the directory stopped at {_LIMITS[code]}, so what came is not all of it. "
            "Ask for a higher limit for this account, or read fewer entries per page.",
            detail=detail,
        )
    if code in {48, 49} or (signing_in and code in {32, 50, 53}):
        return SignInRefused(f"{words} Check user and password.", detail=detail, field="password")
    if code in {7, 8, 13}:
        return Misconfigured(f"{words} Choose TLS or STARTTLS for this connection.", detail=detail, field="security")
    if code == 1 and "bind" in said.lower():
        return SignInRefused(f"{words} This directory wants a sign-in.", detail=detail, field="username")
    if code == REFERRAL:
        where = ", ".join(result.referrals) or "another server"
        return Rejected(f"{what}: this is kept by {where}. Make a connection to that server.", detail=detail)
    if code == NO_SUCH_OBJECT:
        return Rejected(
            f"{words} The entry does not exist, or this account may not see it.", detail=detail, missing=True
        )
    if code == NO_SUCH_ATTRIBUTE:
        return Rejected(words, detail=detail, missing=True)
    if code in {TYPE_OR_VALUE_EXISTS, 68}:
        return Rejected(words, detail=detail, exists=True)
    if code == 50:
        return Rejected(f"{words} Give this account the right, or use another.", detail=detail)
    if code in {51, 52}:
        return TryLater(f"{words} It will be tried again.", sent=False, detail=detail)
    if code in {12, 17, 18, 19, 21, 33, 34, 36, 53, 54, 64, 65, 66, 67, 71}:
        return Rejected(words, detail=detail)
    return UnexpectedReply(words, detail=detail)


def _tidy(said: str) -> str:
    """What a server said on one line, short, without zero bytes and without a final stop."""
    return " ".join(said.replace("\x00", " ").split())[:200].rstrip(".")
