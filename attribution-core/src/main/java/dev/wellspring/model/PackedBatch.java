package dev.wellspring.model;

import java.util.List;

/// The rows of several sequences side by side, without padding. Attention stays within each sequence.
///
/// @param tokens (R) what the model reads
/// @param labels (R) what it is to predict
/// @param weights (R) 1 where the row's loss counts, else 0
/// @param positions (R) the row's position in its sequence, from 0
/// @param offsets (documents + 1) the first row of each sequence, and R
public record PackedBatch(int[] tokens, int[] labels, double[] weights, int[] positions, int[] offsets) {
    /// Packs sequences in the given order.
    public static PackedBatch of(List<Sequence> sequences) {
        int[] offsets = new int[sequences.size() + 1];
        for (int s = 0; s < sequences.size(); s++) {
            offsets[s + 1] = offsets[s] + sequences.get(s).rows();
        }
        int rows = offsets[sequences.size()];
        var batch = new PackedBatch(new int[rows], new int[rows], new double[rows], new int[rows], offsets);
        for (int s = 0; s < sequences.size(); s++) {
            batch.fill(sequences.get(s), offsets[s]);
        }
        return batch;
    }

    /// The number of rows R.
    public int rows() {
        return tokens.length;
    }

    /// The number of sequences.
    public int documents() {
        return offsets.length - 1;
    }

    /// Values of rows, summed over each sequence.
    ///
    /// @param values (R)
    /// @return (documents)
    public double[] sums(double[] values) {
        double[] sums = new double[documents()];
        for (int d = 0; d < sums.length; d++) {
            for (int row = offsets[d]; row < offsets[d + 1]; row++) {
                sums[d] += values[row];
            }
        }
        return sums;
    }

    private void fill(Sequence sequence, int start) {
        for (int row = 0; row < sequence.rows(); row++) {
            tokens[start + row] = sequence.tokens()[row];
            labels[start + row] = sequence.tokens()[row + 1];
            weights[start + row] = row >= sequence.lossStart() ? 1 : 0;
            positions[start + row] = row;
        }
    }
}
