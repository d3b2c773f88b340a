"""Times kronfluence and bergson, whichever of them is in the pack, on a case that this engine has just run, and prints a
table in Markdown. run.sh starts it.

    peers.py --case DIR --run DIR --rank R --seconds N --out FILE [--device cuda] [--dtype bfloat16] [--batch N]

The case's folder holds model/, documents.jsonl and queries.jsonl. --run holds this engine's runs, factors/ and scores/,
and scores.csv, what `wellspring export` said of them. --out gets a line of JSON more for every peer. A peer that is cut by
the time limit keeps the stages that it ended.
"""

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from make_case import read_queries, read_tokens

HERE = Path(__file__).resolve().parent
ENGINE_STAGES = {
    "coverage": "coverage",
    "covariance": "covariance",
    "eigenbasis": "eigendecomposition",
    "lambda": "lambda",
    "queries": "scores",
    "scores": "scores",
}
FIT = ("coverage", "covariance", "eigendecomposition", "lambda")
ROWS = {
    "covariance": ("covariance",),
    "eigendecomposition": ("eigendecomposition",),
    "lambda": ("lambda",),
    "fit": FIT,
    "fit without eigendecomposition": ("coverage", "covariance", "lambda"),
    "scores": ("scores",),
}
PASSES = ("covariance", "lambda", "fit", "fit without eigendecomposition", "scores")


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--rank", type=int, required=True)
    parser.add_argument("--seconds", type=int, required=True, help="for all peers together")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cuda")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="bfloat16")
    parser.add_argument("--batch", type=int, default=8, help="documents of a batch of a peer")
    return parser.parse_args()


class Results:
    """What one program did on the case: seconds by stage, scores of queries by documents, and a remark."""

    def __init__(self, name, seconds, scores=None, remark=""):
        self.name = name
        self.seconds = seconds
        self.scores = scores
        self.remark = remark


# ---- this engine ----


def history(folder, seconds):
    file = folder / "history.jsonl"
    begun = {}
    for line in file.read_text().splitlines() if file.exists() else ():
        event = json.loads(line)
        at = datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()
        if event["event"] == "begins":
            begun[event["stage"]] = at
        elif event["event"] == "ends" and event["stage"] in ENGINE_STAGES:
            name = ENGINE_STAGES[event["stage"]]
            seconds[name] = seconds.get(name, 0) + at - begun[event["stage"]]


def engine(options, documents, queries):
    seconds = {}
    history(options.run / "factors", seconds)
    history(options.run / "scores", seconds)
    exported = options.run / "scores.csv"
    scores = None
    if exported.exists() and exported.stat().st_size:
        scores = [[0.0] * documents for _ in range(queries)]
        with open(exported, encoding="utf-8") as table:
            for row in csv.DictReader(table):
                scores[int(row["query"][1:])][int(row["document"][1:])] = float(row["raw"])
    return Results("this engine", seconds, scores)


# ---- peers ----


def python_path():
    """The pack's peers and packages, after what the caller names and what is installed with the name."""
    return os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(HERE))))


def run_peer(command, seconds, folder):
    """Runs a peer's program in its own folder, at most so long. Returns a remark, empty when it ended well."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = {**os.environ, "PYTHONPATH": python_path(), "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    try:
        subprocess.run(
            [sys.executable, "-B", "-W", "ignore", *map(str, command)],
            env=environment,
            stdout=sys.stderr,
            timeout=max(1, seconds),
            check=True,
        )
    except subprocess.TimeoutExpired:
        return f"cut after {seconds:.0f} s"
    except subprocess.CalledProcessError as failed:
        return f"ended with status {failed.returncode}, see peers.txt"
    return ""


def peer(name, program, arguments, seconds, folder):
    remark = run_peer([HERE / program, *arguments, "--out", folder], seconds, folder)
    stages = folder / "stages.jsonl"
    taken = {}
    for line in stages.read_text().splitlines() if stages.exists() else ():
        stage = json.loads(line)
        taken[stage["stage"]] = stage["end"] - stage["begin"]
    scores = folder / "scores.json"
    return Results(name, taken, json.loads(scores.read_text()) if scores.exists() else None, remark)


def peers(options):
    """Those that are there, in turn; the time is shared evenly by those that are left."""
    common = ("--model", options.case / "model", "--documents", options.case / "documents.jsonl")
    common += ("--queries", options.case / "queries.jsonl", "--rank", options.rank, "--batch", options.batch)
    common += ("--device", options.device, "--dtype", options.dtype)
    programs = []
    if (HERE / "kronfluence").is_dir():
        programs.append(("kronfluence", "peer.py", (*common, "--threads", os.cpu_count())))
    if (HERE / "bergson").is_dir():
        programs.append(("bergson", "bergson_peer.py", common))
    if not programs:
        print("\nNo peers in the pack: see --kronfluence and --bergson of pack.sh.")
    end = time.time() + options.seconds - 5
    for number, (name, program, arguments) in enumerate(programs):
        seconds = (end - time.time()) / (len(programs) - number)
        yield peer(name, program, arguments, seconds, options.run / name)


# ---- table ----


def cell(results, row, tokens):
    parts = [results.seconds[stage] for stage in ROWS[row] if stage in results.seconds]
    needed = [stage for stage in ROWS[row] if stage != "coverage"]  # which peers do not have
    if any(stage not in results.seconds for stage in needed):
        return "not reached"
    speed = f" ({tokens / sum(parts):,.0f})" if row in PASSES and sum(parts) > 0 else ""
    return f"{sum(parts):.2f}{speed}"


def agreement(one, other):
    correlations = [statistics.correlation(a, b) for a, b in zip(one, other)]
    return f"R of a query least {min(correlations):.4f}, median {statistics.median(correlations):.4f}"


def versions():
    import torch
    import transformers

    return f"torch {torch.__version__}, transformers {transformers.__version__}"


def main():
    options = parse()
    lengths = [len(tokens) for tokens in read_tokens(options.case / "documents.jsonl")]
    queries = len(read_queries(options.case / "queries.jsonl"))
    shape = json.loads((options.case / "case.json").read_text())["shape"]
    ours = engine(options, len(lengths), queries)
    found = [ours, *peers(options)]
    print(
        f"\n**{shape}** beside peers, {len(lengths):,} documents, {sum(lengths):,} tokens, {queries} queries, rank"
        f" {options.rank}, MLP modules, {options.dtype}, {options.device}; {versions()}; a peer's batch is"
        f" {options.batch} documents. Seconds (tokens a second).\n"
    )
    print("| stage | " + " | ".join(results.name for results in found) + " |")
    print("|---" * (len(found) + 1) + "|")
    for row in ROWS:
        print(f"| {row} | " + " | ".join(cell(results, row, sum(lengths)) for results in found) + " |")
    print()
    for results in found[1:]:
        said = agreement(ours.scores, results.scores) if ours.scores and results.scores else "no scores to compare"
        print(f"- {results.name}: {said}{'; ' + results.remark if results.remark else ''}")
        with open(options.out, "a", encoding="utf-8") as lines:
            record = {"shape": shape, "peer": results.name, "seconds": results.seconds, "scores": said}
            lines.write(json.dumps({**record, "remark": results.remark, "this engine": ours.seconds}) + "\n")


if __name__ == "__main__":
    main()
