"""Derives damaged and misleading packages from shop.apk, into this folder.

    make.py [--check]

Standard library only, and deterministic: `--check` compares instead of writing.
Each function below is one package, named after it (`wrong_crc` gives
wrong-crc.apk); its docstring says what is wrong. ../README.md says what a scan
must say about it.
"""

import struct
import sys
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHOP = HERE.parent / "shop.apk"
NESTED = HERE.parent / "nested.apk"

DATE = 0x0221  # 1981-01-01
TIME = 0x0821  # 01:01:02
STORED, DEFLATED = 0, 8


class Entry:
    """One file, with every header field that a hostile writer may lie about."""

    def __init__(self, name, data, method=DEFLATED):
        self.name = name.encode()
        self.size = len(data)
        self.crc = zlib.crc32(data)
        self.method = method
        self.flags = 0
        if method == DEFLATED:
            deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
            data = deflate.compress(data) + deflate.flush()
        self.raw = data

    def fields(self):
        """The part that local and central header share."""
        return struct.pack(
            "<5H3L2H", 20, self.flags, self.method, TIME, DATE,
            self.crc, len(self.raw), self.size, len(self.name), 0,
        )


def shop():
    """Entries of shop.apk, in its order."""
    return entries_of(SHOP)


def entries_of(path):
    """Entries of a package; what was stored stays stored."""
    with zipfile.ZipFile(path) as source:
        return [Entry(i.filename, source.read(i), i.compress_type) for i in source.infolist()]


def named(entries, name):
    """The first entry of that name."""
    return next(e for e in entries if e.name == name.encode())


def changed(name, change):
    """Entries of shop.apk with one file's bytes changed."""
    with zipfile.ZipFile(SHOP) as source:
        data = change(source.read(name))
    return [Entry(name, data) if e.name == name.encode() else e for e in shop()]


def end_record(count, size, offset, comment):
    """End of central directory, with its comment."""
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, len(comment)) + comment


def archive(entries, comment=b""):
    """The ZIP file."""
    body, directory = bytearray(), bytearray()
    for e in entries:
        directory += b"PK\1\2" + struct.pack("<H", 20) + e.fields()
        directory += struct.pack("<3H2L", 0, 0, 0, 0, len(body)) + e.name
        body += b"PK\3\4" + e.fields() + e.name + e.raw
    return bytes(body + directory) + end_record(len(entries), len(directory), len(body), comment)


def encryption_flag():
    """Manifest and code are marked as encrypted, and are not."""
    entries = shop()
    for name in ("AndroidManifest.xml", "classes.dex"):
        named(entries, name).flags |= 1
    return archive(entries)


def duplicate_dex():
    """Two entries named classes.dex: the real one, then a harmless one."""
    return archive(shop() + [named(entries_of(NESTED), "classes.dex")])


def wrong_crc():
    """The checksum of the code is wrong in both headers."""
    entries = shop()
    named(entries, "classes.dex").crc ^= 0xFFFFFFFF
    return archive(entries)


def prepended_junk():
    """512 bytes before the archive; no offset knows of them."""
    return b"#!/bin/sh\nexit 0\n".ljust(512, b"\n") + archive(shop())


def truncated():
    """Ends in the middle of the central directory: there is no end record."""
    whole = archive(shop())
    start = whole.index(b"PK\1\2")
    return whole[: start + (len(whole) - start) // 2]


def truncated_code():
    """Ends in the middle of the deflated code: no directory at all."""
    whole = archive(shop())
    start = whole.index(b"classes.dex")
    return whole[: start + len(named(shop(), "classes.dex").raw) // 2]


def unknown_method():
    """The manifest is stored, under a compression method that does not exist."""
    with zipfile.ZipFile(SHOP) as source:
        data = source.read("AndroidManifest.xml")
    entries = shop()
    manifest = Entry("AndroidManifest.xml", data, STORED)
    manifest.method = 0x2A3B
    entries[entries.index(named(entries, "AndroidManifest.xml"))] = manifest
    return archive(entries)


def fake_end_record():
    """The comment holds a second end record, for an empty archive, that does not reach the end of the file."""
    return archive(shop(), end_record(0, 0, 0, b"") + b" nothing to see ")


def half_manifest():
    """The binary XML of the manifest stops in the middle."""
    return archive(changed("AndroidManifest.xml", lambda xml: xml[: len(xml) // 2]))


def manifest_string_count():
    """The string pool of the manifest claims four thousand million strings."""
    # File header of 8 bytes, then the pool's chunk header of 8, then its string count.
    return archive(changed("AndroidManifest.xml", lambda xml: xml[:16] + b"\xff" * 4 + xml[20:]))


def dex_string_count():
    """The header of the dex file claims four thousand million strings."""
    # string_ids_size stands at 0x38 of header_item.
    return archive(changed("classes.dex", lambda dex: dex[:0x38] + b"\xff" * 4 + dex[0x3C:]))


ALL = (
    encryption_flag, duplicate_dex, wrong_crc, prepended_junk, truncated, truncated_code, unknown_method,
    fake_end_record, half_manifest, manifest_string_count, dex_string_count,
)


def main(check):
    """Writes or compares every package; returns the exit code."""
    different = []
    for make in ALL:
        path = HERE / (make.__name__.replace("_", "-") + ".apk")
        data = make()
        if not check:
            path.write_bytes(data)
        elif not path.exists() or path.read_bytes() != data:
            different.append(path.name)
    for name in different:
        print(f"make.py: {name} is not what shop.apk gives", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
