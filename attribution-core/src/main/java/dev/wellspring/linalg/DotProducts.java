package dev.wellspring.linalg;

import dev.wellspring.tensor.Precision;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The blocked dot-product kernel: stored gradients times queries, (documents, dimensions) × (dimensions, queries),
/// tile by tile, so that neither a converted copy of the documents nor a matrix of products is ever held.
///
/// Products of numbers narrower than FLOAT64 are formed and summed in FLOAT32 within one call, those of FLOAT64 in
/// FLOAT64; what a call gives is then multiplied by the document's scale and added to scores in FLOAT64. The result for
/// one document does not depend on the documents beside it (bit for bit, or within rounding where the kernel says so),
/// and is the same, bit for bit, from call to call and for any number of threads.
///
/// One thread at a time uses an instance, which spreads documents over workers itself. Arguments are trusted, but for
/// the precision.
public interface DotProducts extends AutoCloseable {
    /// The word that people know it by.
    String name();

    /// Queries in the layout that the kernel reads them in. Belongs to the kernel that made it.
    interface Panel extends AutoCloseable {
        /// Q.
        int queries();

        /// K.
        int dimensions();

        @Override
        void close();
    }

    /// Makes queries ready for any number of calls.
    ///
    /// @param queries (Q, K), row-major
    /// @param documents the precision of the documents they will meet
    Panel prepare(double[] queries, int count, int dimensions, Precision documents);

    /// scores[d·Q + q] += scale[d] · Σ_k values[d, k]·queries[q, k].
    ///
    /// @param values (rows, K) numbers of `precision`, row-major, contiguous, 64-byte aligned
    /// @param scales (rows) FLOAT32 where the precision has scales, else null
    /// @param scores (rows, Q), row-major; what lies behind them is not touched
    void accumulate(
            MemorySegment values,
            Precision precision,
            @Nullable MemorySegment scales,
            int rows,
            Panel panel,
            double[] scores);

    @Override
    void close();
}
