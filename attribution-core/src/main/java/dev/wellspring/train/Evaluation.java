package dev.wellspring.train;

import dev.wellspring.model.Decoder;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.model.Sequence;
import java.util.ArrayList;
import java.util.List;

/// How well a model predicts sequences.
///
/// @param decoder the model
public record Evaluation(Decoder decoder) {
    /// What came of one sequence.
    ///
    /// @param loss over the tokens that count, in nats
    /// @param tokens how many those are
    /// @param exact whether each of them was the likeliest: greedy decoding would have written the very same
    public record Outcome(double loss, int tokens, boolean exact) {}

    /// One outcome for each sequence, in their order.
    ///
    /// @throws IllegalArgumentException when one is longer than the decoder's rows
    public List<Outcome> of(List<Sequence> sequences) {
        List<Outcome> outcomes = new ArrayList<>();
        List<Sequence> together = new ArrayList<>();
        int rows = 0;
        for (Sequence sequence : sequences) {
            if (!together.isEmpty() && rows + sequence.rows() > decoder.maxRows()) {
                pass(together, outcomes);
                together.clear();
                rows = 0;
            }
            together.add(sequence);
            rows += sequence.rows();
        }
        if (!together.isEmpty()) {
            pass(together, outcomes);
        }
        return outcomes;
    }

    private void pass(List<Sequence> sequences, List<Outcome> outcomes) {
        PackedBatch batch = PackedBatch.of(sequences);
        Decoder.Prediction predicted = decoder.predict(batch);
        for (int s = 0; s < sequences.size(); s++) {
            Sequence sequence = sequences.get(s);
            double loss = 0;
            boolean exact = true;
            for (int row = batch.offsets()[s] + sequence.lossStart(); row < batch.offsets()[s + 1]; row++) {
                loss += predicted.losses()[row];
                exact &= predicted.tokens()[row] == batch.labels()[row];
            }
            outcomes.add(new Outcome(loss, sequence.rows() - sequence.lossStart(), exact));
        }
    }
}
