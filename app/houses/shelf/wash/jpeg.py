"""A JPEG stream with nothing but what draws it: no EXIF, no XMP, no comment, no second picture behind the first."""

import re

START, END = b"\xff\xd8", b"\xff\xd9"
# Frames, Huffman and arithmetic tables, quantization, restarts, lines, scans. C8 is not one of them.
DRAWING = {*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD} - {0xC8}
ADOBE, SCAN, FINISH = 0xEE, 0xDA, 0xD9
APPLICATION, COMMENT = range(0xE0, 0xF0), 0xFE
NEXT = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


def bare_jpeg(data: bytes) -> bytes:
    """The same picture, bit by bit. Raises ValueError for what is none."""
    if not data.startswith(START):
        raise ValueError("no start")
    kept, at = bytearray(START), len(START)
    while True:
        marker, at = _marker(data, at)
        if marker == FINISH:
            return bytes(kept + END)
        size = int.from_bytes(data[at : at + 2], "big")
        segment = data[at : at + size]
        if size < 2 or len(segment) != size:
            raise ValueError("cut off")
        at += size
        if marker in DRAWING:
            kept += bytes((0xFF, marker)) + segment
        elif marker == ADOBE and segment[2:7] == b"Adobe" and size >= 14:
            # Says how colours were made of numbers, in one byte: without it some pictures are negatives.
            kept += bytes((0xFF, marker)) + b"\x00\x0e" + segment[2:14]
        elif marker not in APPLICATION and marker != COMMENT:
            raise ValueError("unknown part")
        if marker == SCAN:
            found = NEXT.search(data, at)
            if found is None:
                return bytes(kept + data[at:] + END)
            kept += data[at : found.start()]
            at = found.start()


def _marker(data: bytes, at: int) -> tuple[int, int]:
    if at + 1 >= len(data) or data[at] != 0xFF:
        raise ValueError("no marker")
    while at < len(data) and data[at] == 0xFF:
        at += 1
    return data[at], at + 1
