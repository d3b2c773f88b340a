package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.AdamStep;
import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Transfers, conversions, and operations on elements; operands are checked already.
final class DeviceElements {
    /// Parts of a sum, or of a search, over all elements at most; a fixed number for a size, so that its bits do not
    /// change.
    private static final int MOST_PARTS = 1024;

    /// Numbers of a row from which on one block is not enough for its sum.
    private static final long LONG_ROW = 1L << 16;

    /// Columns of what a block sums down at a time.
    private static final int TILE = 32;

    private final Gpu gpu;
    private final DeviceKernels kernels;
    private final DeviceScratch scratch;
    private final IndexCheck check;

    DeviceElements(Gpu gpu, DeviceKernels kernels, DeviceScratch scratch, IndexCheck check) {
        this.gpu = gpu;
        this.kernels = kernels;
        this.scratch = scratch;
        this.check = check;
    }

    // ---- transfers ----

    void upload(MemorySegment source, DType sourceType, Tensor target) {
        if (target.elementCount() == 0) {
            return;
        }
        MemorySegment bytes = source.asSlice(0, target.elementCount() * sourceType.byteSize());
        if (target.type() == sourceType && target.isContiguous()) {
            gpu.upload(bytes, address(target));
            return;
        }
        Tensor arrived = scratch.take(Slot.TRANSFER, sourceType, target.shape());
        gpu.upload(bytes, address(arrived));
        copy(arrived, target);
    }

    void download(Tensor source, MemorySegment target, DType targetType) {
        if (source.elementCount() == 0) {
            return;
        }
        MemorySegment bytes = target.asSlice(0, source.elementCount() * targetType.byteSize());
        if (source.type() == targetType && source.isContiguous()) {
            gpu.download(address(source), bytes);
            return;
        }
        Tensor leaving = scratch.take(Slot.TRANSFER, targetType, source.shape());
        copy(source, leaving);
        gpu.download(address(leaving), bytes);
    }

    /// Where a tensor's first element lies.
    static long address(Tensor tensor) {
        return DeviceMemory.of("operand", tensor).address()
                + tensor.offset() * tensor.type().byteSize();
    }

    void copy(Tensor source, Tensor target) {
        if (source.elementCount() == 0) {
            return;
        }
        if (source.type() == target.type() && source.isContiguous() && target.isContiguous()) {
            gpu.copy(
                    address(source),
                    address(target),
                    source.elementCount() * source.type().byteSize());
            return;
        }
        Tensor[] flat = DeviceKernels.flat(source, target);
        kernels.overElements(
                "convert",
                DeviceKernels.wide(source, target),
                source.elementCount(),
                kernels.arguments().view(flat[0]).view(flat[1]));
    }

    void fill(Tensor target, double value) {
        if (target.elementCount() > 0) {
            kernels.overElements(
                    "fill",
                    DeviceKernels.wide(target),
                    target.elementCount(),
                    kernels.arguments().view(DeviceKernels.flat(target)[0]).number(value));
        }
    }

    // ---- elements ----

    void add(double alpha, Tensor x, Tensor y) {
        Tensor same = x.rank() == y.rank() ? x : x.repeated(y.size(0));
        overElements("add", alpha, same, y);
    }

    void scale(double factor, Tensor x, Tensor y) {
        overElements("scale", factor, x, y);
    }

    /// @param several at least one, at equal distances in memory; the sum is read and written once for all of them
    void addSquared(double alpha, List<Tensor> several, Tensor y) {
        if (y.elementCount() > 0) {
            Tensor first = several.getFirst();
            long step = several.size() > 1 ? several.get(1).offset() - first.offset() : 0;
            Tensor[] flat = DeviceKernels.flat(first, y);
            kernels.overElements(
                    "addSquared",
                    DeviceKernels.wide(first, y),
                    y.elementCount(),
                    kernels.arguments()
                            .number(alpha)
                            .view(flat[0])
                            .whole(several.size())
                            .whole(step)
                            .view(flat[1]));
        }
    }

    private void overElements(String kernel, double factor, Tensor x, Tensor y) {
        if (y.elementCount() > 0) {
            Tensor[] flat = DeviceKernels.flat(x, y);
            kernels.overElements(
                    kernel,
                    DeviceKernels.wide(x, y),
                    y.elementCount(),
                    kernels.arguments().number(factor).view(flat[0]).view(flat[1]));
        }
    }

    /// y = αx + βy, where β = 0 does not read y.
    void combine(double alpha, Tensor x, double beta, Tensor y) {
        if (y.elementCount() > 0) {
            Tensor[] flat = DeviceKernels.flat(x, y);
            kernels.overElements(
                    "combine",
                    DeviceKernels.wide(x, y),
                    y.elementCount(),
                    kernels.arguments().number(alpha).view(flat[0]).number(beta).view(flat[1]));
        }
    }

    void divideDamped(Tensor x, Tensor lambda, double damping, Tensor y) {
        if (y.elementCount() > 0) {
            Tensor[] flat = DeviceKernels.flat(x, lambda, y);
            kernels.overElements(
                    "divideDamped",
                    DeviceKernels.wide(x, lambda, y),
                    y.elementCount(),
                    kernels.arguments()
                            .view(flat[0])
                            .view(flat[1])
                            .number(damping)
                            .view(flat[2]));
        }
    }

    // ---- reductions ----

    void segmentSum(Tensor x, Segments segments, double beta, Tensor out) {
        if (out.elementCount() > 0) {
            kernels.overRows(
                    "segmentSum",
                    DeviceKernels.wide(x, out),
                    Math.ceilDiv(out.elementCount(), TILE),
                    kernels.arguments()
                            .view(x)
                            .view(segments.offsets())
                            .number(beta)
                            .view(out));
        }
    }

    void rowDot(Tensor x, Tensor y, double beta, Tensor out) {
        if (x.size(2) == 0) {
            weigh(beta, out);
        } else if (x.size(2) >= LONG_ROW) {
            longRowDot(x, y, beta, out);
        } else if (out.elementCount() > 0) {
            kernels.overRows(
                    "rowDot",
                    DeviceKernels.wide(x, y, out),
                    out.elementCount(),
                    kernels.arguments().view(x).view(y).number(beta).view(out));
        }
    }

    /// Several blocks take each row, as many as its length asks for, so that its sum does not depend on the others.
    private void longRowDot(Tensor x, Tensor y, double beta, Tensor out) {
        if (out.elementCount() == 0) {
            return;
        }
        boolean wide = DeviceKernels.wide(x, y, out);
        int parts = parts(x.size(2));
        Tensor sums = scratch.take(Slot.PARTS, DType.FLOAT64, out.elementCount(), parts);
        kernels.overRows(
                "longRowDotPartial",
                wide,
                sums.elementCount(),
                kernels.arguments().view(x).view(y).address(address(sums)).integer(parts));
        kernels.overElements(
                "longRowDotFinal",
                wide,
                out.elementCount(),
                kernels.arguments()
                        .address(address(sums))
                        .integer(parts)
                        .number(beta)
                        .view(out));
    }

    /// y = βy, where β = 0 does not read y.
    void weigh(double beta, Tensor y) {
        if (beta == 0) {
            fill(y, 0);
        } else {
            scale(beta, y, y);
        }
    }

    void dot(Tensor x, Tensor y, double beta, Tensor out) {
        Tensor[] flat = DeviceKernels.flat(x, y);
        boolean wide = DeviceKernels.wide(x, y, out);
        int parts = parts(x.elementCount());
        Tensor sums = scratch.take(Slot.PARTS, DType.FLOAT64, parts);
        kernels.withBlocks(
                "dotPartial",
                wide,
                parts,
                kernels.arguments()
                        .view(flat[0])
                        .view(flat[1])
                        .address(address(sums))
                        .integer(parts));
        kernels.withBlocks(
                "dotFinal",
                wide,
                1,
                kernels.arguments()
                        .address(address(sums))
                        .integer(parts)
                        .number(beta)
                        .view(out.rank() == 1 ? out : out.reshape(1)));
    }

    /// The largest |x|, 0 when there is none, NaN when there is one; waits for the device.
    double largest(Tensor x) {
        int parts = parts(x.elementCount());
        Tensor found = scratch.take(Slot.PARTS, DType.FLOAT64, parts);
        kernels.withBlocks(
                "largest",
                DeviceKernels.wide(x),
                parts,
                kernels.arguments()
                        .view(DeviceKernels.flat(x)[0])
                        .address(address(found))
                        .integer(parts));
        double[] numbers = new double[parts];
        gpu.download(address(found), MemorySegment.ofArray(numbers));
        return Arrays.stream(numbers).reduce(0, Math::max);
    }

    private static int parts(long elements) {
        return Math.clamp(Math.ceilDiv(elements, 8L * DeviceKernels.THREADS), 1, MOST_PARTS);
    }

    // ---- tables and weights ----

    void gather(Tensor table, Tensor indices, double beta, Tensor out) {
        if (out.elementCount() > 0) {
            check.later("indices", indices, null, table.size(0));
            kernels.overElements(
                    "gather",
                    DeviceKernels.wide(table, out),
                    out.elementCount(),
                    kernels.arguments().view(table).view(indices).number(beta).view(out));
        }
    }

    /// Rows of one index are added up in order.
    void scatterAdd(double alpha, Tensor x, Tensor indices, Tensor table) {
        if (x.elementCount() > 0) {
            check.later("indices", indices, null, table.size(0));
            kernels.overRows(
                    "scatterAdd",
                    DeviceKernels.wide(x, table),
                    x.size(0),
                    kernels.arguments().number(alpha).view(x).view(indices).view(table));
        }
    }

    void adam(AdamStep step, Tensor gradient, Tensor mean, Tensor square, Tensor weight) {
        if (weight.elementCount() > 0) {
            Tensor[] flat = DeviceKernels.flat(gradient, mean, square, weight);
            kernels.overElements(
                    "adam",
                    DeviceKernels.wide(flat),
                    weight.elementCount(),
                    kernels.arguments()
                            .integer(step.number())
                            .number(step.rate())
                            .number(step.gradientScale())
                            .number(step.meanDecay())
                            .number(step.squareDecay())
                            .number(step.epsilon())
                            .number(step.decay())
                            .view(flat[0])
                            .view(flat[1])
                            .view(flat[2])
                            .view(flat[3]));
        }
    }
}
