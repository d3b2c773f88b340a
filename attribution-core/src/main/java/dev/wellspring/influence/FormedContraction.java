package dev.wellspring.influence;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.SequenceGradients;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.Optional;

/// Scores by forming G_d: some documents' gradients side by side, (documents, out·in), times the queries' (Q,
/// out·in)ᵀ.
final class FormedContraction {
    private final LinearAlgebra algebra;
    private final Scratch scratch;
    private final int queries;
    private final int maxDocuments;
    private final long budget;

    /// Whether gradients of several documents of one length are formed at once: on a device, which one alone
    /// would not keep busy.
    private final boolean together;

    /// @param budget elements of scratch memory to stay within if one gradient and one query fit
    FormedContraction(LinearAlgebra algebra, Scratch scratch, int queries, int maxDocuments, long budget) {
        this.algebra = algebra;
        this.scratch = scratch;
        this.queries = queries;
        this.maxDocuments = maxDocuments;
        this.budget = budget;
        this.together = algebra.device().isPresent();
    }

    /// How many documents' gradients are formed side by side.
    static int documentsAtOnce(LinearModule module, int maxDocuments, long budget) {
        return Math.clamp(budget / 2 / module.parameters(), 1, maxDocuments);
    }

    static int queriesAtOnce(LinearModule module, int queries, long budget) {
        return Math.clamp(budget / 2 / module.parameters(), 1, queries);
    }

    /// Elements of scratch memory that a module needs.
    static long scratchElements(LinearModule module, int rank, int queries, int maxDocuments, long budget) {
        long documents = Scratch.elements(documentsAtOnce(module, maxDocuments, budget), module.parameters());
        long expanded = Scratch.elements(queriesAtOnce(module, queries, budget), module.parameters());
        return rank > 0 ? documents + expanded : documents;
    }

    /// Writes ⟨P_q, G_d⟩ of every document, and adds ‖G_d‖² if it is asked for.
    ///
    /// @param scores (D, Q)
    /// @param norms (D, 1)
    void score(
            LinearModule module,
            QueryForm form,
            Tensor activations,
            Tensor outputGradients,
            Segments segments,
            Tensor scores,
            Optional<Tensor> norms) {
        int step = documentsAtOnce(module, maxDocuments, budget);
        for (int from = 0; from < segments.count(); from += step) {
            int to = Math.min(segments.count(), from + step);
            scratch.reset();
            Tensor gradients = scratch.take(to - from, module.outputs(), module.activationSize());
            for (int first = from; first < to; ) {
                int count = segments.ofOneLength(first, together ? to - first : 1);
                SequenceGradients.form(
                        algebra,
                        outputGradients.rows(segments.start(first), segments.end(first + count - 1)),
                        activations.rows(segments.start(first), segments.end(first + count - 1)),
                        gradients.rows(first - from, first - from + count));
                first += count;
            }
            Tensor flat = gradients.reshape(to - from, module.parameters());
            multiply(module, form, flat, scores.rows(from, to));
            if (norms.isPresent()) {
                Tensor vectors = gradients.reshape(to - from, 1, module.parameters());
                algebra.rowDot(vectors, vectors, 1, norms.get().rows(from, to));
            }
        }
    }

    private void multiply(LinearModule module, QueryForm form, Tensor gradients, Tensor scores) {
        switch (form) {
            case QueryForm.Full(Tensor p) ->
                algebra.gemm(
                        1, gradients, p.reshape(queries, module.parameters()).transposed(), 0, scores);
            case QueryForm.Factored(Tensor u, Tensor v) -> {
                int step = queriesAtOnce(module, queries, budget);
                Tensor expanded = scratch.take(step, module.outputs(), module.activationSize());
                for (int from = 0; from < queries; from += step) {
                    int to = Math.min(queries, from + step);
                    Tensor p = expanded.rows(to - from);
                    algebra.batchedGemm(1, u.rows(from, to).transposed(), v.rows(from, to), 0, p);
                    Tensor flat = p.reshape(to - from, module.parameters());
                    algebra.gemm(1, gradients, flat.transposed(), 0, scores.columns(from, to));
                }
            }
        }
    }
}
