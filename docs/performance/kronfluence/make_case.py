"""Makes a case to time: a randomly initialised Hugging Face checkpoint of a known size, documents and queries.

Documents and queries are token ids already, so that no tokenizer takes part. Needs torch and transformers.
"""

import json
import random
from pathlib import Path

QUERY_TOKENS = 48
COMPLETION_TOKENS = 16


def configuration(size):
    from transformers import GPT2Config, GPTNeoXConfig, LlamaConfig

    if size == "tiny-10m":
        return LlamaConfig(
            vocab_size=8192,
            hidden_size=256,
            num_hidden_layers=6,
            num_attention_heads=8,
            num_key_value_heads=4,
            intermediate_size=768,
            max_position_embeddings=1024,
        )
    if size == "gpt2-124m":
        return GPT2Config()
    if size == "pythia-160m":
        return GPTNeoXConfig(
            vocab_size=50304,
            hidden_size=768,
            num_hidden_layers=12,
            num_attention_heads=12,
            intermediate_size=3072,
            max_position_embeddings=2048,
            rotary_pct=0.25,
            use_parallel_residual=True,
        )
    raise ValueError(f"size: expected one of {', '.join(SIZES)}, got {size}")


SIZES = ("tiny-10m", "gpt2-124m", "pythia-160m")


def make_model(folder, size, seed=0):
    """Writes a checkpoint with random weights, unless it is there."""
    folder = Path(folder)
    if (folder / "made").exists():
        return
    import torch
    from transformers import AutoModelForCausalLM

    torch.manual_seed(seed)
    AutoModelForCausalLM.from_config(configuration(size)).save_pretrained(folder)
    (folder / "made").touch()


def vocabulary(model):
    return json.loads((Path(model) / "config.json").read_text())["vocab_size"]


def make_documents(file, vocabulary, documents, tokens, ragged=False, seed=0):
    """JSON Lines of random documents; ragged ones have lengths that are uniform in [tokens / 8, tokens]."""
    draw = random.Random(f"documents {seed}")
    with open(file, "w", encoding="utf-8") as out:
        for i in range(documents):
            length = draw.randint(max(2, tokens // 8), tokens) if ragged else tokens
            ids = [draw.randrange(2, vocabulary) for _ in range(length)]
            out.write(json.dumps({"id": f"d{i:06d}", "source": "random", "tokens": ids}) + "\n")


def make_queries(file, vocabulary, queries, seed=0):
    """JSON Lines of random prompts with completions."""
    draw = random.Random(f"queries {seed}")
    with open(file, "w", encoding="utf-8") as out:
        for i in range(queries):
            prompt = [draw.randrange(2, vocabulary) for _ in range(QUERY_TOKENS - COMPLETION_TOKENS)]
            completion = [draw.randrange(2, vocabulary) for _ in range(COMPLETION_TOKENS)]
            query = {
                "id": f"q{i:03d}",
                "kind": "factual" if i % 2 else "reasoning",
                "family": "random",
                "prompt_tokens": prompt,
                "completion_tokens": completion,
            }
            out.write(json.dumps(query) + "\n")


def read_tokens(documents):
    with open(documents, encoding="utf-8") as lines:
        return [json.loads(line)["tokens"] for line in lines]


def read_queries(queries):
    """Pairs of prompt and completion."""
    with open(queries, encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    return [(query["prompt_tokens"], query["completion_tokens"]) for query in read]
