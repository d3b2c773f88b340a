package dev.wellspring.tensor;

import java.util.Arrays;

/// Where the documents of a packed batch begin and end: document `d` owns rows `start(d)` (inclusive) to `end(d)`
/// (exclusive). The offsets are kept on the host, for loops, and on the backend, for kernels.
public final class Segments {
    private final int[] offsets;
    private final Tensor onBackend;

    /// @param offsets (documents + 1), rising, from 0 to the number of rows
    /// @param onBackend the same numbers as an INT32 tensor of shape (documents + 1)
    public Segments(int[] offsets, Tensor onBackend) {
        onBackend.require("offsets", offsets.length);
        this.offsets = offsets.clone();
        this.onBackend = onBackend;
    }

    /// The number of documents.
    public int count() {
        return offsets.length - 1;
    }

    /// The number of rows of all documents.
    public int rows() {
        return offsets[offsets.length - 1];
    }

    public int start(int document) {
        return offsets[document];
    }

    public int end(int document) {
        return offsets[document + 1];
    }

    /// The number of rows of one document.
    public int length(int document) {
        return offsets[document + 1] - offsets[document];
    }

    /// How many documents from `first` on are as long as it, that one included, up to `atMost`.
    public int ofOneLength(int first, int atMost) {
        int count = 1;
        while (count < atMost && first + count < count() && length(first + count) == length(first)) {
            count++;
        }
        return count;
    }

    /// The rows of the longest document.
    public int longest() {
        int longest = 0;
        for (int document = 0; document < count(); document++) {
            longest = Math.max(longest, length(document));
        }
        return longest;
    }

    /// INT32 (documents + 1).
    public Tensor offsets() {
        return onBackend;
    }

    @Override
    public String toString() {
        return Arrays.toString(offsets);
    }
}
