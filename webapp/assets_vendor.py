"""Bring the browser's third-party files into static/, checked: python -m webapp.assets_vendor.

Only a developer runs this, to change a version; it needs npm, fonttools and brotli. What it
brings is committed, so that neither a run nor a test ever needs Node. `static/VENDORED.txt`
names each file, its SHA-256 and where it comes from; a test in tests/house/ compares.
"""

import base64
import hashlib
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from webapp.assets_fonts import ONEST, UNBOUNDED, Cut, cut_font

STATIC = Path(__file__).resolve().parent.parent / "static"
LISTING = "VENDORED.txt"
RARE_LETTERS = "onest-latin-ext-wght-normal.woff2"


@dataclass(frozen=True)
class Package:
    """One npm package: the files we take, as path inside it and path inside static/."""

    name: str
    version: str
    licence: str
    sha512: str
    files: tuple[tuple[str, str], ...]
    cuts: tuple[Cut, ...] = ()

    @property
    def spec(self) -> str:
        return f"{self.name}@{self.version}"


PACKAGES = (
    Package(
        name="htmx.org",
        version="2.0.11",
        licence="0BSD",
        sha512="Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        files=(("dist/htmx.min.js", "js/htmx.min.js"), ("LICENSE", "js/htmx.LICENSE.txt")),
    ),
    Package(
        name="@fontsource-variable/onest",
        version="5.3.1",
        licence="OFL-1.1",
        sha512="xaaw6G4HDB2/RczsWLD/2bnib4ykmQlTlBUN3GOEOiyErilZukQWVJG95h9zwAy0i8KY+QzDa+COPfqhI72Acw==",
        files=(
            ("LICENSE", "fonts/onest.LICENSE.txt"),
            (f"files/{RARE_LETTERS}", f"fonts/{RARE_LETTERS}"),
        ),
        cuts=ONEST,
    ),
    Package(
        name="@fontsource/unbounded",
        version="5.3.0",
        licence="OFL-1.1",
        sha512="pPD6hsTnjoQRr6pCsqMHbHBfauB4LZygCNQEUJHu+CO2wzDFHqELEFSG7sTwo5Z5Gr4q3OK0fIILOXBJDv6lcw==",
        files=(("LICENSE", "fonts/unbounded.LICENSE.txt"),),
        cuts=UNBOUNDED,
    ),
)


class NotAsPinned(Exception):  # noqa: N818 - says what is wrong
    """A downloaded package is not the one whose checksum is written here."""


def vendor_all(packages: tuple[Package, ...] = PACKAGES, into: Path = STATIC) -> None:
    lines = [line for package in packages for line in vendor_one(package, into)]
    (into / LISTING).write_text("\n".join([*lines, ""]), encoding="utf-8")


def vendor_one(package: Package, into: Path) -> list[str]:
    """Copy the named files of one package; answer a listing line for each."""
    with tempfile.TemporaryDirectory() as folder:
        archive = download(package, Path(folder))
        contents = {target: read_member(archive, source) for source, target in package.files}
        contents |= dict(cut_member(archive, cut) for cut in package.cuts)
    for target, content in contents.items():
        (into / target).parent.mkdir(parents=True, exist_ok=True)
        (into / target).write_bytes(content)
    return [listing_line(package, target, content) for target, content in contents.items()]


def download(package: Package, folder: Path) -> Path:
    subprocess.run(  # noqa: S603 - the words are ours, from the table above
        ["npm", "pack", "--silent", package.spec],  # noqa: S607
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (archive,) = folder.glob("*.tgz")
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package.sha512:
        raise NotAsPinned(f"{package.spec}: sha512 is {found}")
    return archive


def read_member(archive: Path, source: str) -> bytes:
    with tarfile.open(archive) as tar:
        member = tar.extractfile(f"package/{source}")
        assert member is not None, f"{source} is a folder in {archive.name}"
        return member.read()


def cut_member(archive: Path, cut: Cut) -> tuple[str, bytes]:
    content = read_member(archive, f"files/{cut.source}.woff2")
    return f"fonts/{cut.target}.woff2", cut_font(content, cut)


def listing_line(package: Package, target: str, content: bytes) -> str:
    return f"{hashlib.sha256(content).hexdigest()}  {target}  {package.spec}  {package.licence}"


if __name__ == "__main__":
    vendor_all()
