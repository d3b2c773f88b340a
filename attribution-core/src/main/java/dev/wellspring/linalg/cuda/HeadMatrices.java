package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.AttentionChunks.Chunk;
import dev.wellspring.linalg.cuda.AttentionChunks.Range;
import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;

/// The heads of a chunk's documents as matrices in scratch memory, and back.
///
/// The query heads that share a key and value head lie one below the other, so that one product serves them all, and
/// sums over them. Matrices begin at multiples of 16 bytes, and so do their rows; what they are filled up with
/// is zero, and adds nothing to products.
final class HeadMatrices {
    private final DeviceKernels kernels;
    private final DeviceScratch scratch;

    HeadMatrices(DeviceKernels kernels, DeviceScratch scratch) {
        this.kernels = kernels;
        this.scratch = scratch;
    }

    /// Copies of some heads, (products, heads of each·T, d filled up).
    ///
    /// @param packed (R, H, d)
    /// @param heads which of the H
    Tensor gather(Tensor packed, Segments segments, Chunk chunk, Range heads, DType type, Slot slot) {
        Tensor matrices = take(packed.length(2), chunk, heads, type, slot);
        Tensor byDocument = byDocument(matrices, chunk, heads);
        kernels.overElements(
                "gatherHeads",
                DeviceKernels.wide(packed, matrices),
                matrices.elementCount(),
                kernels.arguments()
                        .view(heads(packed, heads))
                        .view(offsets(segments, chunk))
                        .view(byDocument));
        return matrices;
    }

    /// Room for the same, with arbitrary contents.
    Tensor take(int width, Chunk chunk, Range heads, DType type, Slot slot) {
        long rows = (long) heads.count() / chunk.groups().count() * chunk.length();
        return scratch.take(slot, type, chunk.products(), rows, AttentionChunks.filledUp(width));
    }

    /// Copies matrices to where their heads lie.
    ///
    /// @param packed (R, H, d)
    void scatter(Tensor matrices, Segments segments, Chunk chunk, Range heads, Tensor packed) {
        Tensor byDocument = byDocument(matrices, chunk, heads);
        kernels.overElements(
                "scatterHeads",
                DeviceKernels.wide(matrices, packed),
                matrices.elementCount(),
                kernels.arguments()
                        .view(byDocument)
                        .view(offsets(segments, chunk))
                        .view(heads(packed, heads)));
    }

    /// (documents, heads, T, d filled up)
    private static Tensor byDocument(Tensor matrices, Chunk chunk, Range heads) {
        return matrices.reshape(chunk.documents(), heads.count(), chunk.length(), matrices.size(2));
    }

    private static Tensor heads(Tensor packed, Range heads) {
        return packed.slice(1, heads.first(), heads.first() + heads.count());
    }

    private static Tensor offsets(Segments segments, Chunk chunk) {
        return segments.offsets().slice(0, chunk.firstDocument(), chunk.firstDocument() + chunk.documents() + 1L);
    }
}
