package dev.wellspring.curvature;

/// The random numbers that labels are drawn with: one number in [0, 1) for each row of each document, a
/// function of the seed, the document's index and the row alone. So factors do not depend on how documents are
/// batched, and a run that goes on after a stop draws what it would have drawn.
///
/// The numbers are SplitMix64's (Steele, Lea and Flood, 2014): a 64-bit state is advanced by γ =
/// 0x9E3779B97F4A7C15 and mixed; here document d opens the stream with state mix(seed + (d + 1)·γ), row t takes
/// its element t + 1, and the upper 53 bits of that become the fraction.
///
/// @param seed any number
public record LabelSampler(long seed) {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    /// The number for one row of one document.
    ///
    /// @param document its index in the fitting documents, from 0
    /// @param row the row within the document, from 0
    public double uniform(long document, int row) {
        long stream = mix(seed + (document + 1) * GAMMA);
        return (mix(stream + (row + 1) * GAMMA) >>> 11) * 0x1.0p-53;
    }

    /// The numbers for a packed batch, (rows).
    ///
    /// @param documents the index of each document of the batch
    /// @param offsets (documents + 1) its first row, and the number of rows, as in a packed batch
    public double[] uniforms(long[] documents, int[] offsets) {
        if (offsets.length != documents.length + 1) {
            throw new IllegalArgumentException(
                    "offsets: expected " + (documents.length + 1) + " numbers, got " + offsets.length);
        }
        double[] uniforms = new double[offsets[documents.length]];
        for (int d = 0; d < documents.length; d++) {
            for (int row = offsets[d]; row < offsets[d + 1]; row++) {
                uniforms[row] = uniform(documents[d], row - offsets[d]);
            }
        }
        return uniforms;
    }

    private static long mix(long state) {
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
