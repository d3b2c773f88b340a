package dev.wellspring.curvature;

import dev.wellspring.model.GradientTap;
import java.io.IOException;
import java.nio.file.Path;

/// Sums over documents that a pass adds up, and that can be kept on disk bit for bit when it is interrupted.
public interface DocumentSums extends GradientTap, AutoCloseable {
    /// Writes the sums and counts, so that [#restore] gives them back bit for bit; the same state gives the same bytes.
    void save(Path file) throws IOException;

    /// Replaces the sums and counts by saved ones.
    ///
    /// @throws dev.wellspring.model.checkpoint.CheckpointException when the file is not of these modules
    void restore(Path file) throws IOException;

    @Override
    void close();
}
