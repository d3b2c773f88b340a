package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.AttentionMemory.Sizes;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.cuda.AttentionChunks.Limits;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a device's attention does beyond the contract: cut as for long documents, in no more memory than was
/// planned.
class DeviceAttentionTest {
    private static final int HEADS = 6;
    private static final int GROUPS = 2;
    private static final int WIDTH = 5;

    private final Gpu gpu = CudaUnderTest.gpu(Gpu.Float32Products.TF32);
    private final CudaLinearAlgebra device = new CudaLinearAlgebra(gpu, new ReferenceLinearAlgebra());
    private final DeviceScratch scratch = new DeviceScratch(gpu);

    @AfterEach
    void close() {
        scratch.close();
        device.close();
    }

    private DeviceAttention attention(Limits limits) {
        var kernels = new DeviceKernels(gpu);
        var layers = new DeviceLayers(kernels, new IndexCheck(gpu, kernels, scratch));
        return new DeviceAttention(gpu, kernels, layers, scratch, limits);
    }

    /// One matrix at a time, two, and a group with one of the next's.
    @ParameterizedTest
    @CsvSource({"1, 0", "128, 0", "256, 2", "1024, 0"})
    void partsOfADocumentAddUpToTheWhole(long scores, double softCap) {
        var shape = new AttentionShape(0.6, 5, softCap);
        int[] lengths = {7, 0, 11, 3, 8};
        List<double[]> expected = run(new ReferenceLinearAlgebra(), null, DType.FLOAT64, shape, lengths);
        List<double[]> found = run(device, attention(new Limits(scores, 1 << 20, 3)), DType.FLOAT64, shape, lengths);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i)).containsExactly(expected.get(i), within(1e-13));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 640, 1 << 20})
    void scratchIsAtMostWhatIsPlanned(long scores) {
        var limits = new Limits(scores, 1 << 10, 100);
        for (DType type : new DType[] {DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64}) {
            try (DeviceScratch own = new DeviceScratch(gpu)) {
                var kernels = new DeviceKernels(gpu);
                var layers = new DeviceLayers(kernels, new IndexCheck(gpu, kernels, own));
                var attention = new DeviceAttention(gpu, kernels, layers, own, limits);
                run(device, attention, type, new AttentionShape(1, 0, 3), 17, 17, 40, 1, 1, 1, 1, 23);
                long planned = DeviceAttention.byteSize(limits, new Sizes(101, 40, HEADS, GROUPS, WIDTH, type));
                assertThat(own.byteSize()).isBetween(1L, planned);
            }
        }
    }

    /// Output and gradients of attention over rows side by side.
    ///
    /// @param attention null for the backend's own
    static List<double[]> run(
            LinearAlgebra algebra,
            @Nullable DeviceAttention attention,
            DType type,
            AttentionShape shape,
            int... lengths) {
        int[] offsets = new int[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            offsets[i + 1] = offsets[i] + lengths[i];
        }
        int rows = offsets[lengths.length];
        try (Workspace work = new Workspace(algebra)) {
            Tensor onBackend = work.allocate(DType.INT32, offsets.length);
            algebra.upload(MemorySegment.ofArray(offsets), DType.INT32, onBackend);
            var segments = new Segments(offsets, onBackend);
            Random random = new Random(3);
            Tensor fused = random(algebra, work, random, type, rows, HEADS + 2 * GROUPS);
            Tensor dout = random(algebra, work, random, type, rows, HEADS);
            Tensor out = work.allocate(type, rows, HEADS, WIDTH);
            Tensor gradients = work.allocate(type, rows, HEADS + 2 * GROUPS, WIDTH);
            Tensor q = fused.slice(1, 0, HEADS);
            Tensor k = fused.slice(1, HEADS, HEADS + GROUPS);
            Tensor v = fused.slice(1, HEADS + GROUPS, HEADS + 2 * GROUPS);
            Tensor dq = gradients.slice(1, 0, HEADS);
            Tensor dk = gradients.slice(1, HEADS, HEADS + GROUPS);
            Tensor dv = gradients.slice(1, HEADS + GROUPS, HEADS + 2 * GROUPS);
            if (attention == null) {
                algebra.attentionForward(q, k, v, segments, shape, out);
                algebra.attentionBackward(q, k, v, segments, shape, dout, dq, dk, dv);
            } else {
                attention.forward(q, k, v, segments, shape, out);
                attention.backward(q, k, v, segments, shape, dout, dq, dk, dv);
            }
            List<double[]> results = new ArrayList<>();
            for (Tensor result : new Tensor[] {out, gradients}) {
                double[] values = new double[Math.toIntExact(result.elementCount())];
                algebra.download(result, MemorySegment.ofArray(values), DType.FLOAT64);
                results.add(values);
            }
            return results;
        }
    }

    private static Tensor random(
            LinearAlgebra algebra, Workspace work, Random random, DType type, int rows, int heads) {
        Tensor tensor = work.allocate(type, rows, heads, WIDTH);
        double[] values = random.doubles(tensor.elementCount(), -1, 1).toArray();
        algebra.upload(MemorySegment.ofArray(values), DType.FLOAT64, tensor);
        return tensor;
    }
}
