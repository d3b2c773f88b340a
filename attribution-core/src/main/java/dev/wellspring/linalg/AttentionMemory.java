package dev.wellspring.linalg;

import dev.wellspring.tensor.DType;

/// What a backend takes for attention beside its operands; known from sizes alone, so that runs can be planned.
@FunctionalInterface
public interface AttentionMemory {
    /// The most that a forward and a backward pass take, in bytes, whatever the documents' lengths.
    long byteSize(Sizes sizes);

    /// What matters of a batch.
    ///
    /// @param rows of all documents
    /// @param longest rows of the longest document
    /// @param heads query heads
    /// @param keyValueHeads key and value heads
    /// @param headSize numbers of a head
    /// @param type of all operands
    record Sizes(long rows, long longest, long heads, long keyValueHeads, long headSize, DType type) {}
}
