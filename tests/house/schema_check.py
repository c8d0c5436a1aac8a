"""Migrates an empty database on each engine and compares it with the code.

Run by `dev.py check`. A difference is a change of tables that came without its migration.
"""

import sys
import tempfile
from pathlib import Path

from tests import provision
from tests.databases import opened
from webapp import migrations


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="laurel-schema-") as name:
        folder = Path(name)
        urls = {
            "SQLite": f"sqlite:///{folder / 'schema.db'}",
            "PostgreSQL": provision.postgres_url(folder / "cluster"),
        }
        found = {engine: differences(url) for engine, url in urls.items()}
    for engine, lines in found.items():
        print(f"{engine}: {'as the code wants it' if not lines else 'differs from the code'}")
        print("".join(f"  {line}\n" for line in lines), end="")
    return 1 if any(found.values()) else 0


def differences(url: str) -> list[str]:
    with opened(url) as engine:
        migrations.upgrade(engine)
        return migrations.differences(engine)


if __name__ == "__main__":
    sys.exit(main())
