"""Resource types and their library groups (SPEC)."""

from __future__ import annotations

GROUPS = {
    "designer": "exstrapplication exstrdocument exstrpage exstremail exstrhtml5 exstrmessaging exstrcomponentobj",
    "author": "documentdefinition exstrparagraph exstrparagraphsection exstrtextmessage exstrgraphicalmessage",
    "designAsset": "image font fontdefinition samplefile exstrpapertype exstrbarcode exstrmetadata exstrmessagetype",
    "commAsset": "exstrcommunicationset exstrdatasource exstrvariablebase exstroutputqueue exstroutput "
    "exstrlanguage exstrlocale",
    "orchestrator": "versionedtemplate flowmodel orcsettings flowscript exstrpackage resourcepack enginerundef "
    "exstrengine",
}
_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds.split()}


def group_of(kind: str) -> str:
    """The library group of a type; empty for the types newer than 21.2."""
    return _GROUP_OF.get(kind, "")


def is_known(kind: str) -> bool:
    return kind in _GROUP_OF


def selects(selectors: list[str], kind: str) -> bool:
    """Whether types and group selectors, where a type is asked, mean this type."""
    return not selectors or "all" in selectors or kind in selectors or group_of(kind) in selectors
