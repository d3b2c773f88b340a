package dev.wellspring.linalg.cuda;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Starts kernels with grids that fit their operands.
///
/// Every kernel stands in two forms: arithmetic in float, and in double when an operand is FLOAT64. Elements of
/// operands that all lie without gaps are passed as one row, for which kernels have a faster path.
final class DeviceKernels {
    /// Threads of a block; the kernels' reductions are written for it.
    static final int THREADS = 256;

    /// Blocks of a grid at most, several for each multiprocessor of the largest devices; kernels loop over the rest.
    private static final long MOST_BLOCKS = 4096;

    /// Tiles differ in how long they take, so that each gets a block of its own as far as a grid reaches.
    private static final long MOST_TILES = 1L << 20;

    private final Gpu gpu;

    DeviceKernels(Gpu gpu) {
        this.gpu = gpu;
    }

    /// An empty list of arguments; the previous one has been launched.
    KernelArguments arguments() {
        return gpu.arguments();
    }

    /// One thread for each of `count` elements, or more elements than that for each.
    void overElements(String kernel, boolean wide, long count, KernelArguments arguments) {
        launch(kernel, wide, Math.ceilDiv(count, THREADS), arguments);
    }

    /// One block for each of `count` rows, or more rows than that for each.
    void overRows(String kernel, boolean wide, long count, KernelArguments arguments) {
        launch(kernel, wide, count, arguments);
    }

    /// So many blocks, on which the kernel relies.
    void withBlocks(String kernel, boolean wide, int blocks, KernelArguments arguments) {
        gpu.launch(kernel + (wide ? "_d" : "_f"), blocks, THREADS, 0, arguments);
    }

    /// One block for each of `count` tiles, or more than that for each; the kernel has one form only.
    void overTiles(String kernel, long count, int sharedBytes, KernelArguments arguments) {
        gpu.launch(kernel, Math.clamp(count, 1, MOST_TILES), THREADS, sharedBytes, arguments);
    }

    private void launch(String kernel, boolean wide, long blocks, KernelArguments arguments) {
        withBlocks(kernel, wide, (int) Math.clamp(blocks, 1, MOST_BLOCKS), arguments);
    }

    /// Whether arithmetic has to be in double.
    static boolean wide(@Nullable Tensor... operands) {
        return Arrays.stream(operands).anyMatch(operand -> operand != null && operand.type() == DType.FLOAT64);
    }

    /// The operands of an operation on elements, as single rows when none has gaps.
    static Tensor[] flat(Tensor... operands) {
        if (Arrays.stream(operands).allMatch(Tensor::isContiguous)) {
            return Arrays.stream(operands)
                    .map(operand -> operand.reshape(operand.elementCount()))
                    .toArray(Tensor[]::new);
        }
        return operands;
    }
}
