"""A stranger's first five minutes with the page, as pictures.

PYTHONPATH=. python tests/pictures.py FOLDER: for each screen the opening card, the failure of the
founding story and why, a council, a change that is tried, the Room view. Needs Chromium, as the
tests of the page do. The README shows 1280x720-2-why.
"""

from __future__ import annotations

import sys
from pathlib import Path

from test_page_browser import BROWSER, start, stop, sync_api

SCREENS = {
    "1280x720": (1280, 720, 1.0, "light"), "1280x720-dark": (1280, 720, 1.0, "dark"),
    "1366x768-at-125": (1093, 614, 1.25, "light"), "1366x768-at-150": (911, 512, 1.5, "light"),
    "1920x1080-at-200": (960, 540, 2.0, "light"), "1024x768": (1024, 768, 1.0, "light"),
    "phone": (390, 844, 2.0, "light"),
}  # fmt: skip
FAILS = 6  # quarters until South Norfolk leaves the talks
DRAWN = 1500  # ms, for motion to end and answers to come


def picture(page, folder: Path, screen: str, name: str) -> None:
    """Keep what a screen shows."""
    page.wait_for_timeout(DRAWN)
    page.screenshot(path=folder / f"{screen}-{name}.png")


def first_minutes(browser, address: str, folder: Path, screen: str) -> None:
    """Make the pictures of one screen."""
    width, height, scale, colours = SCREENS[screen]
    size = {"width": width, "height": height}
    context = browser.new_context(
        viewport=size, device_scale_factor=scale, color_scheme=colours, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    picture(page, folder, screen, "1-opening")
    page.keyboard.press("Escape")
    page.wait_for_selector("body[data-left]")
    for _ in range(FAILS):
        page.keyboard.press(".")
        page.wait_for_timeout(DRAWN // 5)
    page.locator("#feed button.said", has_text="talks of Breckland with South Norfolk").click()
    page.wait_for_selector("#explain .account")
    picture(page, folder, screen, "2-why")
    page.locator("#explain button.linked", has_text="Breckland").first.click()
    picture(page, folder, screen, "3-council")
    page.click("#tab-try")
    page.click("[data-shock=cut]")
    picture(page, folder, screen, "4-try")
    page.keyboard.press("r")
    picture(page, folder, screen, "5-room")
    context.close()


def main(folder: Path) -> None:
    """Start the page and make all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    process, address = start(None, "--replicate", "25")
    try:
        with sync_api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
            for screen in SCREENS:
                first_minutes(browser, address, folder, screen)
            browser.close()
    finally:
        stop(process)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
