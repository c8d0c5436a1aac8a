"""Takes pictures of scenes: python -m tests.preview.shots FOLDER [scene…]."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

BASE = "http://127.0.0.1:8930"
SIZES = {"390": (390, 844), "1280": (1280, 900)}


def main(folder: Path, wanted: list[str]) -> None:
    """`scene:who:lang:theme:size` each; a missing part takes its default."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for item in wanted:
            scene, who, lang, theme, size, *rest = [*item.split(":"), *[""] * 6][:6]
            width, height = SIZES.get(size or "390", (int(size or 390), 844))
            context = browser.new_context(viewport={"width": width, "height": height},
                                          device_scale_factor=1.5)  # fmt: skip
            tab = context.new_page()
            tab.on("console", lambda m: print("console:", m.text) if m.type == "error" else None)
            tab.goto(f"{BASE}/{scene}?who={who or 'full'}&lang={lang or 'ru'}"
                     f"&theme={theme or 'light'}{'&' + rest[0] if rest[0] else ''}")  # fmt: skip
            tab.wait_for_timeout(500)
            name = "-".join(p for p in (scene, who, lang, theme, size) if p)
            tab.screenshot(path=folder / f"{name}.png", full_page=True)
            wide = tab.evaluate("document.documentElement.scrollWidth")
            print(name, "SIDEWAYS" if wide > width else "ok", wide)
            context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
