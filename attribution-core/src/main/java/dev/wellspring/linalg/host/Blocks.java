package dev.wellspring.linalg.host;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import java.util.function.Supplier;

/// Element-wise loops over tensors of one shape, cut into blocks that stay in the first-level cache.
final class Blocks {
    /// Elements of a block: five buffers of them fill a first-level cache of 40 KiB.
    static final int BLOCK = 1024;

    /// Below this many elements a second thread costs more than it saves.
    private static final long WORTH_SPREADING = 1 << 15;

    private final RowParallel parallel;

    Blocks(RowParallel parallel) {
        this.parallel = parallel;
    }

    /// What happens to one block: `in[k]` holds n elements of input k, `out[k]` takes n elements of output k.
    @FunctionalInterface
    interface Body {
        void accept(double[][] in, double[][] out, int n);
    }

    /// Applies a body, of which each worker gets its own, to all blocks of tensors that are not empty. A block is
    /// read before it is written, so an output may be an input.
    void map(Tensor[] inputs, Tensor[] outputs, Supplier<Body> bodies) {
        Rows[] in = rows(inputs, allContiguous(inputs, outputs));
        Rows[] out = rows(outputs, allContiguous(inputs, outputs));
        long width = out[0].width();
        long blocksPerRow = Math.ceilDiv(width, BLOCK);
        long blocks = out[0].count() * blocksPerRow;
        spread(blocks, blocks * Math.min(width, BLOCK), (from, to) -> {
            Body body = bodies.get();
            int size = (int) Math.min(width, BLOCK);
            double[][] read = new double[in.length][size];
            double[][] written = new double[out.length][size];
            for (long block = from; block < to; block++) {
                long row = block / blocksPerRow;
                long column = block % blocksPerRow * BLOCK;
                int n = (int) Math.min(BLOCK, width - column);
                for (int k = 0; k < in.length; k++) {
                    in[k].load(row, column, read[k], n);
                }
                body.accept(read, written, n);
                for (int k = 0; k < out.length; k++) {
                    out[k].store(row, column, written[k], n);
                }
            }
        });
    }

    /// Runs `body` over `count` independent items that hold `elements` elements altogether.
    void spread(long count, long elements, RowParallel.RangeBody body) {
        if (count <= 1 || elements < WORTH_SPREADING) {
            body.accept(0, count);
        } else {
            parallel.forRanges(count, body);
        }
    }

    private static boolean allContiguous(Tensor[] inputs, Tensor[] outputs) {
        return Arrays.stream(inputs).allMatch(Tensor::isContiguous)
                && Arrays.stream(outputs).allMatch(Tensor::isContiguous);
    }

    /// One long row for contiguous tensors, so that short rows make no short blocks.
    private static Rows[] rows(Tensor[] tensors, boolean contiguous) {
        return Arrays.stream(tensors)
                .map(t -> contiguous ? Rows.contiguous(t.segment(), t.type(), t.elementCount()) : Rows.of(t))
                .toArray(Rows[]::new);
    }
}
