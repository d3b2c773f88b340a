"""What a table says: sums of stages, medians, shares of the ceiling, and how far scores agree."""

import statistics

import operations

SUMS = {
    "scores": ("queries", "documents"),
    "fit without eigendecomposition": ("coverage", "covariance", "lambda"),
    "all stages": ("coverage", "covariance", "eigendecomposition", "lambda", "scores"),
}
ROWS = (
    "coverage",
    "covariance",
    "eigendecomposition",
    "lambda",
    "queries",
    "documents",
    "scores",
    "fit without eigendecomposition",
    "all stages",
    "whole process",
)


# ---- agreement ----


def agreement(one, other):
    """Pearson's R of every query, and how many of each query's documents at the top are the same."""
    top = min(10, max(1, len(one[0]) // 2))
    correlations = [statistics.correlation(a, b) for a, b in zip(one, other)]
    overlaps = [len(first(a, top) & first(b, top)) for a, b in zip(one, other)]
    return (
        f"R of a query least {min(correlations):.6f}, median {statistics.median(correlations):.6f};"
        f" of the top {top} documents {statistics.mean(overlaps):.1f} on average the same, at least {min(overlaps)}"
    )


def first(scores, count):
    return set(sorted(range(len(scores)), key=lambda i: -scores[i])[:count])


# ---- table ----


def row_of(result, row, figure):
    """Seconds or peak of a row, summed or the largest over the stages it is made of; None where it has none."""
    stages = result["stages"]
    if row in stages:
        return stages[row].get(figure)
    parts = [part for name in SUMS.get(row, ()) if (part := row_of(result, name, figure)) is not None]
    if not parts:
        return None
    return sum(parts) if figure == "seconds" else max(parts)


def values(results, row, figure):
    return [found for result in results if (found := row_of(result, row, figure)) is not None]


def seconds(found):
    if not found:
        return ""
    median = statistics.median(found)
    return f"{median:.1f}" + (f" ({min(found):.1f}–{max(found):.1f})" if len(found) > 1 else "")


def gibibytes(found):
    return f"{statistics.median(found) / 2**30:.2f}" if found else ""


def operations_of(case, row):
    if row in SUMS and row not in case.operations:
        return sum(filter(None, (operations_of(case, part) for part in SUMS[row])))
    return case.operations.get(row)


def shares(results, case, row, dtype):
    """The case's operations a second over the machine's ceiling when the result was taken."""
    found = []
    for result in results:
        taken = row_of(result, row, "seconds")
        needed = least_seconds(case, row, dtype, result["ceiling"])
        if taken and needed:
            found.append(needed / taken)
    return f"{100 * statistics.median(found):.0f} %" if found else ""


def least_seconds(case, row, dtype, ceiling):
    """What a row's operations take at the ceiling; eigendecompositions are in float64, all else in the given type."""
    if row == "whole process":
        return None
    if row in SUMS and row not in case.operations:
        return sum(filter(None, (least_seconds(case, part, dtype, ceiling) for part in SUMS[row])))
    count = case.operations.get(row)
    return count and count / ceiling["float64" if row == "eigendecomposition" else dtype]


def share_with_norms(results, case, row, dtype):
    """The same with the norms of documents' gradients, which only this engine computes."""
    count = case.operations[row] + case.operations[operations.NORMS]
    found = [
        count / result["ceiling"][dtype] / taken for result in results if (taken := row_of(result, row, "seconds"))
    ]
    return f"{100 * statistics.median(found):.0f} %" if found else "an unknown share"


def print_table(case, peers, engines, peer_dtype, dtype):
    print(
        f"| stage | kronfluence {peer_dtype}, s | this engine {dtype}, s | times faster "
        "| kronfluence, GiB | this engine, GiB | TFLOP | kronfluence, of ceiling | this engine, of ceiling |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for row in ROWS:
        theirs = values(peers, row, "seconds")
        ours = values(engines, row, "seconds")
        ratio = f"{statistics.median(theirs) / statistics.median(ours):.2f}" if theirs and ours else ""
        count = operations_of(case, row)
        cells = (
            row,
            seconds(theirs),
            seconds(ours),
            ratio,
            gibibytes(values(peers, row, "peak")),
            gibibytes(values(engines, row, "peak")),
            f"{count / 1e12:.2f}" if count else "",
            shares(peers, case, row, "float32"),
            shares(engines, case, row, dtype),
        )
        print("| " + " | ".join(cells) + " |")
