#!/usr/bin/env python3
"""Losses of prompts with completions by the transformers library, as `wellspring evaluate --each` writes them.

    same-losses.py MODEL DOCUMENTS.jsonl OUT.csv [OURS.csv]

With OURS.csv, which evaluate wrote, also prints how far the two are apart.
"""
import csv, json, sys
import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

model_dir, documents, out = sys.argv[1:4]
model = AutoModelForCausalLM.from_pretrained(model_dir, dtype=torch.float32).eval()
tokenizer = Tokenizer.from_file(model_dir + "/tokenizer.json")
losses = {}
for number, line in enumerate(open(documents, encoding="utf-8"), 1):
    document = json.loads(line)
    prompt = tokenizer.encode(document["prompt"], add_special_tokens=True).ids
    completion = tokenizer.encode(document["completion"], add_special_tokens=False).ids
    ids = torch.tensor([prompt + completion])
    with torch.no_grad():
        log_probabilities = model(ids).logits[0, :-1].double().log_softmax(-1)
    rows = range(len(prompt) - 1, ids.shape[1] - 1)
    losses[document["id"]] = -sum(log_probabilities[row, ids[0, row + 1]].item() for row in rows)
with open(out, "w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file)
    writer.writerow(["document", "loss"])
    writer.writerows((name, f"{loss:.9g}") for name, loss in losses.items())
if len(sys.argv) > 4:
    ours = {row["document"]: float(row["loss"]) for row in csv.DictReader(open(sys.argv[4], encoding="utf-8"))}
    apart = max(abs(ours[name] - loss) / (abs(loss) + 1e-3) for name, loss in losses.items())
    print(f"{len(losses)} documents, mean loss {sum(losses.values()) / len(losses):.6f}, largest relative difference {apart:.2e}")
