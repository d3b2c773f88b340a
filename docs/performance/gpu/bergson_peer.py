"""Runs bergson's EK-FAC pipeline on a case, its steps one after the other in this process. Needs bergson on PYTHONPATH.

The work is that of `wellspring fit --labels own` and `wellspring score`: MLP layers, the documents' own labels, damping 0.1
times the mean. bergson does not compress query gradients here: a case whose query gradients are larger than --most bytes is
fitted only.

    bergson_peer.py --model DIR --documents FILE --queries FILE --out DIR [--device cuda] [--dtype TYPE] [--batch N]

Every stage that ends is a line of `stages.jsonl` in --out; scores, queries by documents, are in `scores.json`.
"""

import argparse
import json
import time
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import pyarrow
import torch
from bergson.build import build
from bergson.config.config import (
    DataConfig,
    HessianConfig,
    IndexConfig,
    InversionConfig,
    PreprocessConfig,
    ScoreConfig,
)
from bergson.data import load_scores
from bergson.hessians import hessian_approximations
from bergson.hessians.apply_hessian import EkfacConfig, apply_worker
from bergson.score.score import score_dataset
from datasets import Dataset
from tokenizers import Tokenizer, models
from transformers import AutoConfig, PreTrainedTokenizerFast

from make_case import read_queries, read_tokens

IGNORED = -100
EXCLUDED = "*attn*,*attention*,*lm_head*,*embed_out*"  # what is left are the maps of MLPs


class Stages:
    """Notes when stages begin and end; stages of one name follow one another and count as one."""

    def __init__(self, file):
        self.file = file
        self.lines = {}

    def timed(self, name, function):
        def call(*arguments, **keywords):
            begin = time.time()
            result = function(*arguments, **keywords)
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            line = self.lines.setdefault(name, {"stage": name, "begin": begin, "end": begin})
            line["end"] += time.time() - begin  # the sum of what each call took
            self.file.write_text("".join(json.dumps(each) + "\n" for each in self.lines.values()))
            return result

        return call


def data(folder, examples):
    """Token ids, labels where they differ, and lengths, so that bergson maps no function over them; named, so that
    datasets does not pickle the table for a name."""
    table = pyarrow.Table.from_pylist([{**each, "length": len(each["input_ids"])} for each in examples])
    Dataset(table, fingerprint=folder.name).save_to_disk(folder)
    return DataConfig(dataset=str(folder))


def tokenizer(folder):
    """One that is never asked for anything, since documents are token ids already."""
    words = Tokenizer(models.WordLevel({"unknown": 0}, unk_token="unknown"))
    PreTrainedTokenizerFast(tokenizer_object=words, unk_token="unknown").save_pretrained(folder)
    return str(folder)


def query_bytes(model, queries):
    """Of all query gradients in float32."""
    config = AutoConfig.from_pretrained(model)
    maps = 3 if getattr(config, "hidden_act", "") == "silu" else 2  # gated MLPs have one more
    return 4 * queries * config.num_hidden_layers * maps * config.hidden_size * config.intermediate_size


def fit(stages, config):
    """Covariances, eigenvectors and corrected eigenvalues: the functions that bergson calls are timed."""
    collect = hessian_approximations.collect_hessians
    covariance = stages.timed("covariance", collect)
    corrected = stages.timed("lambda", collect)
    hessian_approximations.collect_hessians = lambda **keywords: (
        corrected if keywords.get("ev_correction") else covariance
    )(**keywords)
    hessian_approximations.compute_eigendecomposition = stages.timed(
        "eigendecomposition", hessian_approximations.compute_eigendecomposition
    )
    how = HessianConfig(method="kfac", ev_correction=True, hessian_dtype="fp32", use_dataset_labels=True)
    hessian_approximations.approximate_hessians(config, how)


def score(config, run, documents, queries):
    """Query gradients, preconditioned, and every document against all of them."""
    build(config(run / "query", queries), PreprocessConfig(aggregation="none"))
    apply = EkfacConfig(
        hessian_method_path=str(run / "hessian"),
        gradient_path=str(run / "query"),
        run_path=str(run / "preconditioned"),
        ev_correction=True,
    )
    apply_worker(0, 0, 1, apply, InversionConfig(damping_factor=0.1))
    how = ScoreConfig(query_path=str(run / "preconditioned"), batch_size=1024)
    score_dataset(config(run / "scores", documents), how, PreprocessConfig())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--documents", required=True)
    parser.add_argument("--queries", required=True)
    parser.add_argument("--rank", help="not used: bergson keeps query gradients in full")
    parser.add_argument("--batch", type=int, default=8, help="documents of a batch")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cuda")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="bfloat16")
    parser.add_argument("--most", type=float, default=40e9, help="bytes of query gradients, with which it scores")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    run = options.out.resolve()
    texts = read_tokens(options.documents)
    questions = read_queries(options.queries)
    documents = data(run / "documents", [{"input_ids": ids} for ids in texts])
    queries = data(
        run / "queries",
        [{"input_ids": p + c, "labels": [IGNORED] * len(p) + c} for p, c in questions],
    )
    words = tokenizer(run / "tokenizer")

    def config(path, of):
        return IndexConfig(
            run_path=str(path),
            model=options.model,
            tokenizer=words,
            data=of,
            precision={"float32": "fp32", "bfloat16": "bf16"}[options.dtype],
            include_bias=True,
            filter_modules=EXCLUDED,
            token_batch_size=max(map(len, texts)) * options.batch,
        )

    stages = Stages(run / "stages.jsonl")
    fit(stages, config(run / "hessian", documents))
    if query_bytes(options.model, len(questions)) > options.most:
        print("bergson: query gradients are too large to keep in full; it does not score this case")
        return
    stages.timed("scores", score)(config, run, documents, queries)
    found = torch.as_tensor(load_scores(run / "scores")[:]).double().reshape(len(texts), -1).T
    (run / "scores.json").write_text(json.dumps(found.tolist()))


if __name__ == "__main__":
    main()
