"""A person's browser, signed in to a hub that this process serves."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from hub.operations import frontend
from tests.people import PASSWORD

ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# Screenshots of each story, for a person to look at.
PICTURES = os.environ.get("LOCKGATE_TEST_PICTURES", "")


def bring_front_end() -> None:
    """The designer as it is in this folder, built when it is not."""
    if frontend.is_current(ROOT) and AXE.exists():
        return
    with (ROOT / "frontend" / "package.json").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # Of several test processes one builds, the others wait for it.
        if not frontend.is_current(ROOT) or not AXE.exists():
            frontend.build(ROOT, with_checks=True)


def sign_in(page: Page, address: str, *, then: str, as_: str = "bob") -> None:
    page.goto(f"{address}/sign-in?next={then}")
    page.get_by_label("User name").fill(as_)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def picture(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png")


def barriers(page: Page) -> list[str]:
    """What axe finds on the page as it is now, against WCAG 2.2 A and AA. Empty when it finds nothing."""
    # The page's own policy forbids scripts that the hub did not serve; a debugger's evaluation is none of the page's.
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
    )
    return [
        f"{each['id']}: {each['help']}: {', '.join(str(node['target']) for node in each['nodes'][:4])}"
        for each in found["violations"]
    ]


_CRAMPED = """() => {
  const made = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) made.push(`the page is wider than ${width} px`);
  for (const each of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    const box = each.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || each.closest(".hidden-visually, .skip")) continue;
    const isInText = getComputedStyle(each).display === "inline";
    if (!isInText && (box.width < 23.5 || box.height < 23.5))
      made.push(`${each.tagName} "${each.textContent}" is ${Math.round(box.width)} x ${Math.round(box.height)} px`);
  }
  return made;
}"""


def cramped(page: Page) -> list[str]:
    """What is too small to be hit (WCAG 2.5.8; links within text are exempt), or wider than the window."""
    found: list[str] = page.evaluate(_CRAMPED)
    return found
