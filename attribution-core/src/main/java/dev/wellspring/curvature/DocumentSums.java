package dev.wellspring.curvature;

import dev.wellspring.model.GradientTap;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;

/// Sums over documents that a pass adds up, and that can be kept on disk bit for bit when it is interrupted.
public interface DocumentSums extends GradientTap, AutoCloseable {
    /// What products of rows are added up in: FLOAT32 for rows in BFLOAT16, whose own rounding is a thousand times
    /// what a sum over ten thousand batches loses, FLOAT64 for all others.
    ///
    /// @param rows the element type of the rows
    static DType sumType(DType rows) {
        return rows == DType.BFLOAT16 ? DType.FLOAT32 : DType.FLOAT64;
    }

    /// Writes the sums and counts, so that [#restore] gives them back bit for bit; the same state gives the same
    /// bytes.
    void save(Path file) throws IOException;

    /// Replaces the sums and counts by saved ones.
    ///
    /// @throws dev.wellspring.model.checkpoint.CheckpointException when the file is not of these modules
    void restore(Path file) throws IOException;

    @Override
    void close();
}
