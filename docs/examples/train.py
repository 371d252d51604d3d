#!/usr/bin/env python3
"""Verifies a slice, reads its keypoints and fits a model of the simplest kind.

    python train.py slices/v3/slice.json ROWS [--model model.json] [--check]

ROWS is the folder that `harvest build v3` prints. Every file that slice.json records must be there with the recorded
SHA-256; what is read is the very bytes that were verified. Verifying needs the standard library alone, and --check stops
after it. Reading needs pyarrow.

Exit codes: 0 done, 1 the rows are not those of the slice or cannot be verified, 2 wrong usage or no pyarrow, 3 slice.json
cannot be read.
"""

import argparse
import hashlib
import json
import pathlib
import sys


class SliceError(Exception):
    """The rows are not those that slice.json records."""


def verified(output: dict, rows: pathlib.Path):
    """Returns the path and the bytes of the file that an entry of `outputs` records."""
    pattern = f"*-{output['export'][:12]}.parquet"
    found = sorted((rows / output["table"]).glob(pattern))
    if not found:
        raise SliceError(f"{rows / output['table'] / pattern} is missing. Run 'harvest build', and name the folder that it prints.")

    # Two projects may have the same export, and then a file each.
    for path in found:
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == output["sha256"]:
            return path, content
    raise SliceError(f"{found[0]} does not have the recorded SHA-256 {output['sha256']}. 'harvest check' says what differs.")


def verified_table(record: dict, rows: pathlib.Path, wanted: str) -> list:
    """Verifies every file that the slice records, and returns the bytes of those of one table."""
    if not record.get("outputs"):
        raise SliceError("The slice records no files, so there is nothing to verify. Make its successor with 'harvest new'.")
    kept = []
    for output in record["outputs"]:
        path, content = verified(output, rows)
        print(f"verified {output['table']}/{path.name}: {output['rows']} rows")
        if output["table"] == wanted:
            kept.append(content)
    return kept


def fit(files: list) -> dict:
    """The weighted mean place of each label in percent of the image: what a constant predictor would answer."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sums = {}
    for content in files:
        table = pq.read_table(pa.BufferReader(content), columns=["label", "x_pct", "y_pct", "weight"])
        for row in table.to_pylist():
            total = sums.setdefault(row["label"], [0.0, 0.0, 0.0])
            total[0] += row["weight"] * row["x_pct"]
            total[1] += row["weight"] * row["y_pct"]
            total[2] += row["weight"]
    return {label: {"x_pct": x / weight, "y_pct": y / weight} for label, (x, y, weight) in sorted(sums.items()) if weight > 0}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("slice", type=pathlib.Path, help="slices/VERSION/slice.json")
    parser.add_argument("rows", type=pathlib.Path, help="the folder that 'harvest build VERSION' prints")
    parser.add_argument("--model", type=pathlib.Path, default=pathlib.Path("model.json"), help="where the model goes (default: model.json)")
    parser.add_argument("--check", action="store_true", help="verify only")
    arguments = parser.parse_args()
    try:
        record = json.loads(arguments.slice.read_text(encoding="utf-8"))
        version = record["slice_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{arguments.slice}: {error}", file=sys.stderr)
        return 3

    try:
        files = verified_table(record, arguments.rows, "keypoints")
    except (OSError, SliceError) as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyError, TypeError) as error:
        print(f"{arguments.slice}: {error!r} in outputs", file=sys.stderr)
        return 3

    print(f"slice {version} is what {arguments.slice} records")
    if arguments.check:
        return 0

    try:
        model = fit(files)
    except ImportError:
        print("Reading the rows needs pyarrow: pip install pyarrow", file=sys.stderr)
        return 2

    arguments.model.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {arguments.model}. Record it: harvest register {version} keypoints {arguments.model}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
