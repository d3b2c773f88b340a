"""Counts the operations (multiplications and additions) that a case needs, stage by stage, from shapes alone.

It is the least of the ways known to this project, and the same number for whoever does the work: products of maps,
attention and the language-model head; no norms, activations, softmax, and no reading or writing. A row is a predicted
token: n - 1 of a document of n tokens.
"""

import json
from dataclasses import dataclass
from pathlib import Path


ROUNDS = 5
SPARE = 16

# What this engine computes of documents besides their scores.
NORMS = "gradient norms"


@dataclass(frozen=True)
class Map:
    """A linear map. Its covariance has inputs + 1 rows where it has a bias; maps of one group read the same input."""

    group: str
    inputs: int
    outputs: int
    bias: bool

    @property
    def size(self):
        return self.inputs * self.outputs

    @property
    def width(self):
        return self.inputs + self.bias


@dataclass(frozen=True)
class Shapes:
    layers: int
    hidden: int
    vocabulary: int
    attention_width: int
    attention: tuple
    mlp: tuple

    def tracked(self):
        """The maps of all layers."""
        return self.mlp * self.layers

    def inputs(self):
        """The widths of the inputs of all tracked maps, once where maps share an input."""
        return list({each.group: each.width for each in self.mlp}.values()) * self.layers


def read_shapes(model):
    """The shapes of a checkpoint of one of make_case's sizes."""
    config = json.loads((Path(model) / "config.json").read_text())
    kind = config["model_type"]
    if kind == "gpt2":
        d = config["n_embd"]
        inner = config.get("n_inner") or 4 * d
        attention = (Map("qkv", d, 3 * d, True), Map("o", d, d, True))
        mlp = (Map("in", d, inner, True), Map("out", inner, d, True))
        return Shapes(config["n_layer"], d, config["vocab_size"], d, attention, mlp)
    d = config["hidden_size"]
    inner = config["intermediate_size"]
    if kind == "gpt_neox":
        attention = (Map("qkv", d, 3 * d, True), Map("o", d, d, True))
        mlp = (Map("in", d, inner, True), Map("out", inner, d, True))
        return Shapes(config["num_hidden_layers"], d, config["vocab_size"], d, attention, mlp)
    if kind == "llama":
        head = config.get("head_dim") or d // config["num_attention_heads"]
        q = config["num_attention_heads"] * head
        kv = config["num_key_value_heads"] * head
        attention = (Map("qkv", d, q, False), Map("qkv", d, kv, False), Map("qkv", d, kv, False), Map("o", q, d, False))
        mlp = (Map("in", d, inner, False), Map("in", d, inner, False), Map("out", inner, d, False))
        return Shapes(config["num_hidden_layers"], d, config["vocab_size"], q, attention, mlp)
    raise ValueError(f"{model}: expected gpt2, gpt_neox or llama, found {kind}")


def total(maps):
    return sum(each.size for each in maps)


def pairs(rows):
    """Positions that attend to positions, with the causal mask."""
    return sum(n * (n + 1) // 2 for n in rows)


def head(shapes, rows):
    """Logits, or the gradient of what they are made of."""
    return 2 * sum(rows) * shapes.hidden * shapes.vocabulary


def forward(shapes, rows):
    """2 a weight and row; 2 products of attention; without logits."""
    weights = shapes.layers * total(shapes.attention + shapes.mlp)
    return 2 * sum(rows) * weights + 2 * 2 * pairs(rows) * shapes.attention_width * shapes.layers


def backward(shapes, rows):
    """Gradients of inputs only, from what enters the head down to the outputs of the lowest tracked maps; 4 products
    of attention."""
    above = shapes.layers - 1
    lowest = [each for each in shapes.mlp if each.group != shapes.mlp[0].group]
    weights = above * total(shapes.attention + shapes.mlp) + total(lowest)
    return 2 * sum(rows) * weights + 4 * 2 * pairs(rows) * shapes.attention_width * above


def passes(shapes, rows):
    """Forward and backward, with the head."""
    return forward(shapes, rows) + backward(shapes, rows) + 2 * head(shapes, rows)


def covariance(shapes, rows):
    """Symmetric updates: half of a full product, one for each input and one for each output gradient."""
    sides = shapes.inputs() + [each.outputs for each in shapes.tracked()]
    return passes(shapes, rows) + sum(rows) * sum(n * (n + 1) for n in sides)


def eigendecomposition(shapes):
    """For each side 4/3 n³ to a tridiagonal matrix, 4/3 n³ divide and conquer without deflation, 2 n³ back."""
    sides = shapes.inputs() + [each.outputs for each in shapes.tracked()]
    return sum(14 * n**3 // 3 for n in sides)


def rotated_gradients(shapes, rows):
    """QᵀGQ of every sequence: its rows are rotated and multiplied, or its gradient is formed and then rotated."""
    n = sum(rows)
    of_rows = 2 * n * (sum(width**2 for width in shapes.inputs()) + sum(each.outputs**2 for each in shapes.tracked()))
    of_gradients = 2 * len(rows) * sum(
        each.outputs * each.width * (each.outputs + each.width) for each in shapes.tracked()
    )
    forming = 2 * n * sum(each.outputs * each.width for each in shapes.tracked())
    return forming + min(of_rows, of_gradients)


def lambda_matrices(shapes, rows):
    """Without the head, whose gradients are those of the covariances."""
    return forward(shapes, rows) + backward(shapes, rows) + rotated_gradients(shapes, rows)


def decompositions(shapes, queries, rank):
    """The leading singular directions of every query's gradients: five rounds of subspace iteration with SPARE spare
    directions, on each matrix or on its product with itself, and one product at the end."""
    count = 0
    for each in shapes.tracked():
        m, n = max(each.outputs, each.width), min(each.outputs, each.width)
        product = 2 * m * n * (rank + SPARE)
        squared = n * n * m + ROUNDS * 2 * n * n * (rank + SPARE) + product
        count += min((2 * ROUNDS + 1) * product, squared)
    return queries * count


def queries(shapes, rows, rank):
    """Gradients in the eigenbasis, decomposed, and factors of the given rank rotated back."""
    back = 2 * len(rows) * rank * sum(each.outputs**2 + each.width**2 for each in shapes.tracked())
    return passes(shapes, rows) + rotated_gradients(shapes, rows) + decompositions(shapes, len(rows), rank) + back


def documents(shapes, rows, queries, rank):
    """Scores by the cheaper contraction of each map: its rows with factors, or its gradient with expanded factors."""
    n = sum(rows)
    contraction = 0
    for each in shapes.tracked():
        size = each.outputs * each.width
        by_rows = 2 * n * queries * rank * (each.outputs + each.width + 1)
        formed = 2 * n * size + 2 * len(rows) * queries * size + 2 * queries * rank * size
        contraction += min(by_rows, formed)
    return passes(shapes, rows) + contraction


def gradient_norms(shapes, rows):
    """Of every document and map, by products of its rows with each other, or of the gradient."""
    return sum(
        min(n * n * (each.outputs + each.width), 2 * n * each.outputs * each.width)
        for n in rows
        for each in shapes.tracked()
    )


def by_stage(model, document_lengths, query_lengths, rank):
    """Operations of each stage, for documents and queries of these numbers of tokens."""
    shapes = read_shapes(model)
    rows = [n - 1 for n in document_lengths]
    query_rows = [n - 1 for n in query_lengths]
    counted = {
        "covariance": covariance(shapes, rows),
        "eigendecomposition": eigendecomposition(shapes),
        "lambda": lambda_matrices(shapes, rows),
        "queries": queries(shapes, query_rows, rank),
        "documents": documents(shapes, rows, len(query_rows), rank),
    }
    counted["scores"] = counted["queries"] + counted["documents"]
    counted[NORMS] = gradient_norms(shapes, rows)
    return counted
