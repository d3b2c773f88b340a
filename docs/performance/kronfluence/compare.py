"""Times kronfluence and this engine in turn on one case and prints a table in Markdown. kronfluence.sh starts it."""

import argparse
import csv
import io
import json
import os
import platform
import re
import shlex
import shutil
import signal
import statistics
import sys
import time
from datetime import datetime
from pathlib import Path

import make_case
import measure
import operations
from table import agreement, gibibytes, print_table, seconds, share_with_norms, values

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
PRODUCT_ROWS = 2048
STAGES = {
    "coverage": "coverage",
    "covariance": "covariance",
    "eigenbasis": "eigendecomposition",
    "lambda": "lambda",
    "queries": "queries",
    "scores": "documents",
}


def parse():
    parser = argparse.ArgumentParser(prog="kronfluence.sh", description=__doc__)
    add = parser.add_argument
    add("--size", choices=make_case.SIZES, default="gpt2-124m", help="the model's shapes")
    add("--documents", type=int, default=64)
    add("--tokens", type=int, default=512, help="of a document")
    add("--queries", type=int, default=32)
    add("--rank", type=int, default=32, help="of the compressed query gradients")
    add("--ragged", action="store_true", help="documents of tokens/8 to tokens tokens")
    add("--repeats", type=int, default=3, help="runs of each, in turn")
    add("--threads", type=int, default=2, help="of each process, which gets as many processors")
    add("--memory", type=float, default=16, metavar="GIB", help="a process that takes more is ended")
    add("--engine-memory", default="3g", metavar="SIZE", help="what this engine is given with its --memory")
    add("--backend", default="auto", help="of this engine")
    add("--dtypes", default="float32", help="of this engine: float32, bfloat16 or both with a comma")
    add("--peer-batch", type=int, default=4, help="documents of a batch of kronfluence's")
    add("--peer-dtype", default="float32", help="float32, or bfloat16 for its mixed precision")
    add("--again", action="store_true", help="run kronfluence again where results of it are kept")
    add("--exact", action="store_true", help="also compare with kronfluence's scores by a full SVD (slow, not timed)")
    add("--scaling", action="store_true", help="instead: this engine alone with more queries, more and ragged documents")
    add("--rest", type=float, default=0, metavar="MINUTES", help="wait so long for other work on the machine to end")
    add("--work", type=Path, help="where cases and results are kept (default: a folder in the temporary folder)")
    options = parser.parse_args()
    options.dtypes = options.dtypes.split(",")
    options.work = options.work or Path(os.environ.get("TMPDIR", "/tmp")) / "wellspring-kronfluence"
    return options


class Case:
    """A model, documents and queries in the work folder; made when they are not there."""

    def __init__(self, options, documents=None, queries=None, ragged=None):
        documents = documents or options.documents
        queries = queries or options.queries
        ragged = options.ragged if ragged is None else ragged
        self.name = f"{options.size}-{documents}x{options.tokens}{'-ragged' if ragged else ''}-{queries}q"
        self.folder = options.work / self.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.model = options.work / f"{options.size}-model"
        self.documents = self.folder / "documents.jsonl"
        self.queries = self.folder / "queries.jsonl"
        make_case.make_model(self.model, options.size)
        vocabulary = make_case.vocabulary(self.model)
        make_case.make_documents(self.documents, vocabulary, documents, options.tokens, ragged)
        make_case.make_queries(self.queries, vocabulary, queries)
        self.document_lengths = [len(tokens) for tokens in make_case.read_tokens(self.documents)]
        self.query_lengths = [len(p) + len(c) for p, c in make_case.read_queries(self.queries)]
        self.operations = operations.by_stage(
            self.model, self.document_lengths, self.query_lengths, options.rank
        )


def say(text):
    print(text, file=sys.stderr, flush=True)


class Bench:
    def __init__(self, options):
        self.options = options
        self.memory = options.memory * 2**30

    def run(self, command, environment=None):
        return measure.run([str(word) for word in command], self.options.threads, self.memory, environment)

    def torch_ceiling(self, dtypes):
        run = self.run([sys.executable, HERE / "ceiling.py", self.options.threads, PRODUCT_ROWS, *dtypes])
        return json.loads(run.output)

    def engine_ceiling(self, dtypes):
        run = self.run(
            [*shlex.split(os.environ["CEILING"]), self.options.backend, self.options.threads, PRODUCT_ROWS, *dtypes]
        )
        return json.loads(run.output.strip().splitlines()[-1])

    def conditions(self, measured):
        """What a result has to say of the moment it was taken."""
        return {
            "when": datetime.now().isoformat(timespec="minutes"),
            "load": os.getloadavg()[0],
            "others": sum(m.others * m.seconds for m in measured) / sum(m.seconds for m in measured),
        }

    # ---- kronfluence ----

    def peer_command(self, case, out):
        options = self.options
        return [
            *(sys.executable, HERE / "peer.py", "--model", case.model, "--documents", case.documents),
            *("--queries", case.queries, "--rank", options.rank, "--threads", options.threads),
            *("--batch", options.peer_batch, "--dtype", options.peer_dtype, "--out", out),
        ]

    def peer_folder(self, case):
        options = self.options
        return case.folder / (
            f"kronfluence-{options.peer_dtype}-rank{options.rank}-batch{options.peer_batch}"
            f"-{options.threads}t-{wait_policy()}"
        )

    def peer(self, case, repeat):
        """A timed run of kronfluence's, or the one that is kept."""
        out = self.peer_folder(case)
        kept = out / f"run-{repeat}.json"
        if kept.exists() and not self.options.again:
            say(f"kronfluence, run {repeat + 1}: kept from before")
            return json.loads(kept.read_text())
        say(f"kronfluence, run {repeat + 1} ...")
        shutil.rmtree(out / "run", ignore_errors=True)
        out.mkdir(exist_ok=True)
        measure.wait_for_rest(self.options.rest)
        ceiling = self.torch_ceiling(["float32", "float64"])
        measured = self.run(self.peer_command(case, out), self.peer_environment())
        printed = json.loads(measured.output.strip().splitlines()[-1])
        stages = {
            each["stage"]: stage(each["begin"], each["end"], measured) for each in printed["stages"]
        }
        stages["whole process"] = whole([measured])
        result = {
            "versions": printed["versions"],
            "ceiling": ceiling,
            "stages": stages,
            "scores": json.loads((out / "scores.json").read_text()),
            **self.conditions([measured]),
        }
        kept.write_text(json.dumps(result))
        return result

    def exact_scores(self, case):
        """kronfluence's scores with query gradients truncated by a full SVD, from the factors of its last run."""
        out = self.peer_folder(case)
        file = out / "exact.json"
        if not file.exists() or self.options.again:
            say("kronfluence, scores by a full SVD ...")
            self.run([*self.peer_command(case, out), "--full-svd"], self.peer_environment())
        return json.loads(file.read_text())

    @staticmethod
    def peer_environment():
        paths = [os.environ["KRONFLUENCE"], os.environ.get("PYTHONPATH", "")]
        return {"PYTHONPATH": ":".join(path for path in paths if path)}

    # ---- this engine ----

    def engine(self, case, dtype, factors=None):
        """A timed run of this engine's, in new folders; with factors it only scores."""
        options = self.options
        shared = [
            *("--model", case.model, "--documents", case.documents, "--max-tokens", options.tokens),
            *("--threads", options.threads, "--memory", options.engine_memory, "--backend", options.backend),
            *("--dtype", dtype, "--progress", "off"),
        ]
        measured = []
        stages = {}
        wellspring = REPOSITORY / "wellspring"
        if factors is None:
            factors = new_folder(case.folder / f"engine-{dtype}-factors")
            fit = self.run([wellspring, "fit", *shared, "--labels", "own", "--out", factors])
            measured.append(fit)
            stages.update(history(factors, fit))
        out = new_folder(case.folder / f"engine-{dtype}-scores")
        score = self.run(
            [
                *(wellspring, "score", *shared, "--factors", factors, "--queries", case.queries),
                *("--rank", options.rank, "--no-bm25", "--out", out),
            ]
        )
        measured.append(score)
        stages.update(history(out, score))
        stages["whole process"] = whole(measured)
        return {"factors": factors, "stages": stages, "scores": self.export(out, case), **self.conditions(measured)}

    def export(self, run, case):
        """Scores, queries by documents, in the order of the case's files."""
        table = self.run([REPOSITORY / "wellspring", "export", run, "--format", "csv"]).output
        scores = [[0.0] * len(case.document_lengths) for _ in case.query_lengths]
        for row in csv.DictReader(io.StringIO(table)):
            scores[int(row["query"][1:])][int(row["document"][1:])] = float(row["raw"])
        return scores


def wait_policy():
    """How the threads of torch wait for one another."""
    return os.environ.get("OMP_WAIT_POLICY", "default").lower()


def new_folder(folder):
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def stage(begin, end, measured):
    return {"seconds": end - begin, "peak": measured.peak_between(begin, end)}


def whole(measured):
    return {
        "seconds": sum(each.seconds for each in measured),
        "cpu": sum(each.cpu_seconds for each in measured),
        "peak": max(each.peak for each in measured),
    }


def history(folder, measured):
    """Stages of a run from its history."""
    begun = {}
    stages = {}
    for line in (folder / "history.jsonl").read_text().splitlines():
        event = json.loads(line)
        at = datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()
        if event["event"] == "begins":
            begun[event["stage"]] = at
        elif event["event"] == "ends" and event["stage"] in STAGES:
            stages[STAGES[event["stage"]]] = stage(begun[event["stage"]], at, measured)
    return stages


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    total = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text()).group(1)) / 2**20
    return f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} processors, {total:.0f} GiB"


def print_conditions(name, results):
    for number, result in enumerate(results, 1):
        print(
            f"- {name}, run {number}: {result['when']}, load {result['load']:.1f},"
            f" other processes took {100 * result['others']:.0f} % of the processors;"
            f" {result['stages']['whole process']['cpu']:.0f} s of processors in all"
        )


def compare(options):
    bench = Bench(options)
    say(f"making the case in {options.work} ...")
    case = Case(options)
    types = sorted({"float32", "float64", *options.dtypes})
    peers = []
    engines = {dtype: [] for dtype in options.dtypes}
    ceilings = []
    for repeat in range(options.repeats):
        peers.append(bench.peer(case, repeat))
        measure.wait_for_rest(options.rest)
        ceiling = {"torch": bench.torch_ceiling(types), "this engine": bench.engine_ceiling(types)}
        ceilings.append(ceiling)
        highest = {dtype: max(rates[dtype] for rates in ceiling.values()) for dtype in types}
        for dtype, results in engines.items():
            say(f"this engine, {dtype}, run {repeat + 1} ...")
            results.append({**bench.engine(case, dtype), "ceiling": highest})

    tokens = sum(case.document_lengths)
    print(
        f"{options.size}, {options.documents} documents, {tokens:,} tokens{' (ragged)' if options.ragged else ''}, "
        f"{options.queries} queries, rank {options.rank}, MLP layers; {options.threads} threads, "
        f"at most {options.memory:g} GiB, OMP_WAIT_POLICY {wait_policy()}; median (least–most) of {options.repeats} runs.\n"
    )
    print(f"{machine()}; {peers[-1]['versions']}.\n")
    print(f"| product of {PRODUCT_ROWS}², GFLOP/s | " + " | ".join(types) + " |")
    print("|---" * (len(types) + 1) + "|")
    for name in ("torch", "this engine"):
        rates = [seconds([each[name][dtype] / 1e9 for each in ceilings]) for dtype in types]
        print(f"| {name} | " + " | ".join(rates) + " |")
    rates = [seconds([peer["ceiling"][dtype] / 1e9 for peer in peers if dtype in peer["ceiling"]]) for dtype in types]
    print("| torch, before kronfluence's runs | " + " | ".join(rates) + " |")
    for dtype, results in engines.items():
        print()
        print_table(case, peers, results, options.peer_dtype, dtype)
    print()
    for dtype, results in engines.items():
        print(f"- {dtype} and kronfluence: {agreement(results[-1]['scores'], peers[-1]['scores'])}")
        if options.exact:
            exact = bench.exact_scores(case)
            print(f"- {dtype} and kronfluence by a full SVD: {agreement(results[-1]['scores'], exact)}")
        if dtype != "float32" and "float32" in engines:
            print(f"- {dtype} and float32: {agreement(results[-1]['scores'], engines['float32'][-1]['scores'])}")
    if options.exact:
        print(f"- kronfluence and kronfluence by a full SVD: {agreement(peers[-1]['scores'], bench.exact_scores(case))}")
    for dtype, results in engines.items():
        norms = [f"{row} at {share_with_norms(results, case, row, dtype)}" for row in ("documents", "scores")]
        count = case.operations[operations.NORMS] / 1e12
        print(f"- {dtype}: with the norms of documents' gradients, {count:.2f} TFLOP: {' and '.join(norms)} of the ceiling")
    print_conditions("kronfluence", peers)
    for dtype, results in engines.items():
        print_conditions(f"this engine, {dtype}", results)


# ---- scaling ----


def scaling(options):
    """What more queries, more documents and ragged documents cost this engine."""
    bench = Bench(options)
    dtype = options.dtypes[0]
    n = options.documents
    cases = {
        "10 queries": Case(options, queries=10, ragged=False),
        "100 queries": Case(options, queries=100, ragged=False),
        f"{n} documents": Case(options, ragged=False),
        f"{4 * n} documents": Case(options, documents=4 * n, ragged=False),
        f"{16 * n} documents": Case(options, documents=16 * n, ragged=False),
        f"{n} ragged documents": Case(options, ragged=True),
    }
    found = {name: [] for name in cases}
    factors = bench.engine(cases["10 queries"], dtype)["factors"]
    for repeat in range(options.repeats):
        for name, case in cases.items():
            say(f"{name}, run {repeat + 1} ...")
            measure.wait_for_rest(options.rest)
            found[name].append(bench.engine(case, dtype, factors))
    print("| scores of | tokens | queries, s | documents, s | documents, µs a token | scores, s | GiB |")
    print("|---|---|---|---|---|---|---|")
    for name, results in found.items():
        tokens = sum(cases[name].document_lengths)
        passed = statistics.median(values(results, "documents", "seconds"))
        columns = [seconds(values(results, row, "seconds")) for row in ("queries", "documents", "scores")]
        columns.insert(2, f"{1e6 * passed / tokens:.0f}")
        columns.append(gibibytes(values(results, "whole process", "peak")))
        print(f"| {name} | {tokens:,} | " + " | ".join(columns) + " |")
    ten, hundred = (
        statistics.median(values(found[f"{count} queries"], "scores", "seconds")) for count in (10, 100)
    )
    print(f"\n- 100 queries cost {hundred / ten:.2f} times what 10 cost")
    for name, results in found.items():
        print_conditions(name, results)


def main():
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the process being measured ends too
    try:
        if options.scaling:
            scaling(options)
        else:
            compare(options)
    except measure.Failed as failed:
        sys.exit(f"kronfluence.sh: {failed}")


if __name__ == "__main__":
    begin = time.time()
    main()
    say(f"done in {(time.time() - begin) / 60:.0f} minutes")
