"""Writes the export of a pack to standard output: read-pack.py ARCHIVE SHA256. Needs Python and the zstd program."""
import json, pathlib, struct, subprocess, sys, tempfile, zlib


def unzstd(frame, against=b""):
    with tempfile.TemporaryDirectory() as folder:
        prefix = pathlib.Path(folder, "prefix")
        prefix.write_bytes(against)
        patch = [f"--patch-from={prefix}"] if against else []
        return subprocess.run(["zstd", "-dcq", "--long=31", *patch], input=frame, stdout=subprocess.PIPE, check=True).stdout


def numbers(data, at):  # varints: seven bits a byte, the lowest first
    value = shift = 0
    while True:
        value, byte, shift, at = value | (data[at] & 127) << shift, data[at], shift + 7, at + 1
        if byte < 128:
            return value, (value >> 1) ^ -(value & 1), at  # as it is, as a number of either sign, and where the next begins


def segments(archive, sha256):
    data = pathlib.Path(archive, "packs", sha256[:2], sha256 + ".pack").read_bytes()
    length, crc, mark = struct.unpack("<II8s", data[-16:])
    line = data[-16 - length:-16]
    assert data[:8] == mark == b"HARVPK1\n" and zlib.crc32(line) == crc, "the end is damaged"
    layout = json.loads(line)
    part = lambda frame: unzstd(data[frame["offset"]:][:frame["stored"]])
    index, at, offset, other, found = part(layout["index"]), 0, 8, 0, []
    while at < len(index):
        (raw, _, at), (stored, _, at), (_, delta, at) = (r := numbers(index, at)), (s := numbers(index, r[2])), numbers(index, s[2])
        assert zlib.crc32(data[offset:offset + stored]) == struct.unpack_from("<I", index, at)[0], "a segment is damaged"
        other += delta
        found.append((data[offset:offset + stored], other))
        offset, at = offset + stored, at + 4
    anchor = segments(archive, layout["anchor"])[0] if "anchor" in layout else None
    return [unzstd(frame, anchor[other] if anchor else b"") for frame, other in found], layout.get("order") and part(layout["order"])


pieces, order = segments(*sys.argv[1:3])
raw, places, at, expected = b"".join(pieces), [], 0, 0
while order and at < len(order):  # where the tasks are in another order than that of their ids
    (_, delta, at), (length, _, at) = (p := numbers(order, at)), numbers(order, p[2])
    places.append((expected + delta, length))
    expected += delta + 1
starts = {}
for place, length in sorted(places):
    starts[place] = starts.get("next", 0)
    starts["next"] = starts[place] + length
sys.stdout.buffer.write(b"".join(raw[starts[p]:starts[p] + n] for p, n in places) if places else raw)
