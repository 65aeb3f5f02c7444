"""Writes a ZIP whose bytes depend on nothing but its contents.

    pack.py OUT [--from ZIP] [--stored] ITEM...

ITEM is NAME=FILE, or NAME/=FOLDER for everything below a folder. Entries keep
the order given (files of a folder and of ZIP: sorted by name), carry one fixed
time stamp and no extra fields. `resources.arsc` and, after `--stored`, every
following item are stored; everything else is deflated.
"""

import sys
import zipfile
from pathlib import Path

STAMP = (1981, 1, 1, 1, 1, 2)
ALWAYS_STORED = {"resources.arsc"}


def entries(args):
    """Yields (name, bytes, stored) for the command line after OUT."""
    stored = False
    args = iter(args)
    for arg in args:
        if arg == "--stored":
            stored = True
        elif arg == "--from":
            with zipfile.ZipFile(next(args)) as source:
                for name in sorted(n for n in source.namelist() if not n.endswith("/")):
                    yield name, source.read(name), stored
        else:
            name, _, path = arg.partition("=")
            if name.endswith("/"):
                for file in sorted(p for p in Path(path).rglob("*") if p.is_file()):
                    inner = file.relative_to(path).as_posix()
                    yield name.lstrip("/") + inner, file.read_bytes(), stored
            else:
                yield name, Path(path).read_bytes(), stored


def main(out, args):
    """Writes OUT."""
    with zipfile.ZipFile(out, "w") as target:
        for name, data, stored in entries(args):
            info = zipfile.ZipInfo(name, STAMP)
            info.create_system = 0
            keep = stored or name in ALWAYS_STORED
            info.compress_type = zipfile.ZIP_STORED if keep else zipfile.ZIP_DEFLATED
            target.writestr(info, data, compresslevel=9)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
