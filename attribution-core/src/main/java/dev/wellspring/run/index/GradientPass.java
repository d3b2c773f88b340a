package dev.wellspring.run.index;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.gradient.BasisFile;
import dev.wellspring.gradient.GradientCompressor;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.GradientSink;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.run.documents.Batch;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.Sharding;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Batches of documents through the model, and what a store keeps of them into a sink. The same batch gives the same
/// bytes.
final class GradientPass implements AutoCloseable {
    private final Decoder decoder;
    private final Set<LinearModule> modules;
    private final GradientCompressor compressor;

    /// @param decoder stays the caller's
    /// @param modules those of the layout, in its order
    GradientPass(
            LinearAlgebra algebra,
            Decoder decoder,
            BasisFile basis,
            List<LinearModule> modules,
            GradientLayout layout,
            Sharding sharding,
            DType type)
            throws IOException {
        this.decoder = decoder;
        this.modules = new LinkedHashSet<>(modules);
        var capacity = new BatchCapacity(sharding.batchRows(), sharding.batchDocuments());
        this.compressor = new GradientCompressor(algebra, basis, modules, layout, capacity, type);
    }

    /// Writes the chunks `from` to `to` of a batch, all of which goes through the model.
    ///
    /// @return the sum of their squared errors
    double write(Batch batch, int from, int to, GradientSink sink) {
        PackedBatch rows = batch.pack();
        compressor.reset();
        double[] losses = rows.sums(decoder.gradients(rows, null, modules, compressor));
        double[] norms = compressor.norms(rows.documents());
        double squaredErrors = 0;
        for (int d = from; d < to; d++) {
            DocumentChunk chunk = batch.chunks().get(d);
            double error = compressor.error(d);
            squaredErrors += error * error;
            var stored = new StoredDocument(
                    chunk.document(),
                    chunk.part(),
                    chunk.source(),
                    chunk.tokens(),
                    losses[d],
                    norms[d],
                    error,
                    chunk.preview(),
                    chunk.extras());
            sink.write(stored, compressor.values(d), compressor.scales(d));
        }
        return squaredErrors;
    }

    @Override
    public void close() {
        compressor.close();
    }
}
