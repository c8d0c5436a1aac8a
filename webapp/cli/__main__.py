"""`python -m webapp.cli` is `laurel`; processes that serve begin here as well."""

import gc
import sys

# Nothing that is being loaded is rubbish: looking for it costs a seventh of the start. Whoever
# has loaded what they need looks for it again.
gc.disable()

from webapp.cli import main  # noqa: E402 - that is the point

if __name__ == "__main__":
    sys.exit(main())
