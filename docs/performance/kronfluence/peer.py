"""Runs kronfluence on a case and prints one line of JSON: when each stage began and ended, in seconds of the epoch.

The work is that of `wellspring fit --labels own` and `wellspring score --rank R`: MLP layers, empirical Fisher, damping
0.1 times the mean. Needs kronfluence on PYTHONPATH.

    peer.py --model DIR --documents FILE --queries FILE --rank R --threads N --out DIR [--dtype TYPE] [--full-svd]
            [--device cuda]

Every stage that ends is also a line of `stages.jsonl` in --out, so that a time limit leaves what came before it.
With --full-svd it only scores again, from factors that an earlier run left in the same folder, with query gradients
truncated by a full singular value decomposition instead of a randomised one.
"""

import argparse
import json
import time
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import torch
import torch.nn.functional as F
from kronfluence.analyzer import Analyzer, prepare_model
from kronfluence.arguments import FactorArguments, ScoreArguments
from kronfluence.task import Task
from kronfluence.utils.dataset import DataLoaderKwargs
from kronfluence.version import __version__ as kronfluence_version
from torch import nn
from transformers import AutoModelForCausalLM
from transformers.pytorch_utils import Conv1D

from make_case import read_queries, read_tokens

IGNORED = -100


def load(folder):
    """The model with linear maps where GPT-2 has transposed ones, which kronfluence does not track."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, Conv1D):
                linear = nn.Linear(child.weight.shape[0], child.weight.shape[1])
                linear.weight.data = child.weight.data.t().contiguous()
                linear.bias.data = child.bias.data.clone()
                setattr(parent, name, linear)
    return model


def example(tokens, first_counted):
    """Inputs and labels; only tokens from first_counted on have a label."""
    labels = [IGNORED] * (first_counted - 1) + tokens[first_counted:]
    return {"input_ids": tokens[:-1], "labels": labels}


def batched(examples):
    """Pads a batch to its longest example."""
    longest = max(len(each["input_ids"]) for each in examples)

    def padded(values, filler):
        return torch.tensor([value + [filler] * (longest - len(value)) for value in values])

    return {
        "input_ids": padded([each["input_ids"] for each in examples], 0),
        "labels": padded([each["labels"] for each in examples], IGNORED),
        "attention_mask": padded([[1] * len(each["input_ids"]) for each in examples], 0),
    }


class LanguageModelling(Task):
    def __init__(self, modules):
        self.modules = modules

    def compute_train_loss(self, batch, model, sample=False):
        logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        logits = logits.float().reshape(-1, logits.shape[-1])
        return F.cross_entropy(logits, batch["labels"].reshape(-1), ignore_index=IGNORED, reduction="sum")

    def compute_measurement(self, batch, model):
        return self.compute_train_loss(batch, model)

    def get_influence_tracked_modules(self):
        return self.modules

    def get_attention_mask(self, batch):
        return batch["attention_mask"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--documents", required=True)
    parser.add_argument("--queries", required=True)
    parser.add_argument("--rank", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--query-batch", type=int, default=32)
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--full-svd", action="store_true")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    model = load(options.model)
    modules = [name for name, module in model.named_modules() if isinstance(module, nn.Linear) and ".mlp." in name]
    documents = [example(tokens, 1) for tokens in read_tokens(options.documents)]
    queries = [example(prompt + completion, len(prompt)) for prompt, completion in read_queries(options.queries)]
    task = LanguageModelling(modules)
    analyzer = Analyzer(
        "run",
        prepare_model(model, task),
        task,
        cpu=options.device == "cpu",
        disable_tqdm=True,
        output_dir=options.out,
        log_level=40,
    )
    analyzer.set_dataloader_kwargs(DataLoaderKwargs(collate_fn=batched))
    narrow = torch.bfloat16 if options.dtype == "bfloat16" else None
    factors = FactorArguments(strategy="ekfac", use_empirical_fisher=True, amp_dtype=narrow)
    scores = ScoreArguments(
        damping_factor=None,
        query_gradient_low_rank=options.rank,
        use_full_svd=options.full_svd,
        amp_dtype=narrow,
        query_gradient_accumulation_steps=10,
    )
    stages = []

    def timed(name, stage, *arguments, **keywords):
        begin = time.time()
        stage(*arguments, **keywords)
        stages.append({"stage": name, "begin": begin, "end": time.time()})
        with open(Path(options.out, "stages.jsonl"), "a", encoding="utf-8") as lines:
            lines.write(json.dumps(stages[-1]) + "\n")

    batch = {"per_device_batch_size": options.batch, "factor_args": factors}
    if not options.full_svd:
        timed("covariance", analyzer.fit_covariance_matrices, "factors", documents, **batch)
        timed("eigendecomposition", analyzer.perform_eigendecomposition, "factors", factor_args=factors)
        timed("lambda", analyzer.fit_lambda_matrices, "factors", documents, **batch)
    name = "exact" if options.full_svd else "scores"
    timed(
        "scores",
        analyzer.compute_pairwise_scores,
        name,
        "factors",
        queries,
        documents,
        per_device_query_batch_size=options.query_batch,
        per_device_train_batch_size=options.batch,
        score_args=scores,
    )
    found = analyzer.load_pairwise_scores(name)["all_modules"].double().tolist()
    Path(options.out, f"{name}.json").write_text(json.dumps(found))
    print(json.dumps({"stages": stages, "versions": f"kronfluence {kronfluence_version}, torch {torch.__version__}"}))


if __name__ == "__main__":
    main()
