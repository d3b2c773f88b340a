package dev.wellspring.influence;

import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/// The preconditioned gradients of all queries for one module, as they are kept.
sealed interface QueryForm {
    /// @param p P_q, (Q, out, in)
    record Full(Tensor p) implements QueryForm {
        @Override
        public List<Tensor> tensors() {
            return List.of(p);
        }
    }

    /// P_q ≈ Uᵀ V with one row per rank, so that all queries together are one matrix of Q·r rows.
    ///
    /// @param u (Q, r, out): left singular vectors times singular values
    /// @param v (Q, r, in): right singular vectors
    record Factored(Tensor u, Tensor v) implements QueryForm {
        int rank() {
            return u.length(1);
        }

        @Override
        public List<Tensor> tensors() {
            return List.of(u, v);
        }
    }

    /// What it is made of: P, or U and V.
    List<Tensor> tensors();

    /// A form of these tensors, in the order of [#tensors].
    static QueryForm of(List<Tensor> tensors) {
        return tensors.size() == 1 ? new Full(tensors.getFirst()) : new Factored(tensors.getFirst(), tensors.getLast());
    }

    /// The shapes of a module's tensors, in the order of [#tensors].
    static List<long[]> shapes(LinearModule module, int queries, int rank) {
        return QueryBlock.compresses(module, rank)
                ? List.of(
                        new long[] {queries, rank, module.outputs()},
                        new long[] {queries, rank, module.activationSize()})
                : List.of(new long[] {queries, module.outputs(), module.activationSize()});
    }

    /// A form in new memory.
    ///
    /// @param allocate gives a tensor of a shape
    static QueryForm allocate(LinearModule module, int queries, int rank, Function<long[], Tensor> allocate) {
        return of(shapes(module, queries, rank).stream().map(allocate).toList());
    }
}
