package dev.wellspring.run.cost;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderOperations;
import dev.wellspring.model.DecoderTraffic;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import java.util.Collection;
import java.util.Map;

/// What it costs to take one document through the decoder, among as many others as fit into a batch with it.
///
/// @param forward of one document
/// @param backward of one document
public record PassCost(Cost forward, Cost backward) {
    /// The names of both among a stage's parts.
    public static final String FORWARD = "forward";

    public static final String BACKWARD = "backward";

    /// @param type of the model
    /// @param documentRows the rows of a document
    /// @param tracked whose gradients are wanted
    /// @param sampled whether labels are drawn from the predictions
    /// @param logitBytes what the logits of a chunk of rows may take
    /// @param withHead whether logits are computed; not where head gradients of an earlier pass are there
    public static PassCost of(
            DecoderConfig config,
            DType type,
            int documentRows,
            BatchCapacity capacity,
            Collection<LinearModule> tracked,
            boolean sampled,
            long logitBytes,
            boolean withHead) {
        int documents = documents(capacity, documentRows);
        var operations = DecoderOperations.perRow(config, documentRows, tracked, withHead);
        var traffic = DecoderTraffic.of(
                config, type, documentRows, documents * documentRows, tracked, sampled, logitBytes, withHead);
        return new PassCost(
                Cost.products(
                        type,
                        (double) documentRows * operations.forward(),
                        (double) documentRows * traffic.forward() + (double) traffic.weightsForward() / documents),
                Cost.products(
                        type,
                        (double) documentRows * operations.backward(),
                        (double) documentRows * traffic.backward() + (double) traffic.weightsBackward() / documents));
    }

    /// How many documents of that many rows a batch holds.
    public static int documents(BatchCapacity capacity, int documentRows) {
        return Math.clamp(capacity.rows() / documentRows, 1, capacity.documents());
    }

    /// Adds both to a stage's parts.
    public void addTo(Map<String, Cost> parts) {
        parts.merge(FORWARD, forward, Cost::plus);
        parts.merge(BACKWARD, backward, Cost::plus);
    }
}
