"""Take the packages of all extras out of the environment that runs this, as if nobody had asked for them.

By itself, since an environment that `./dev` made need not have pip.
"""

from __future__ import annotations

import shutil
from importlib.metadata import distribution
from pathlib import Path

from briefing.doctor import EXTRAS

for _, packages in EXTRAS.values():
    for name in packages:
        found = distribution(name)
        # Whole folders: one that is left empty would still be imported, as a namespace.
        for top in {
            file.parts[0] for file in found.files or () if file.parts[0] not in ("..", "__pycache__")
        }:
            path = Path(str(found.locate_file(top)))
            shutil.rmtree(path) if path.is_dir() else path.unlink()
