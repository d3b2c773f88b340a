package dev.wellspring.linalg.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.wellspring.linalg.cuda.library.CudaDriver;
import dev.wellspring.linalg.cuda.library.CudaException;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a device does, wherever its libraries come from.
abstract class GpuContract {
    private static final int BUFFER = (int) Staging.BUFFER_BYTES;

    private final Gpu gpu = open();
    private final Random random = new Random(17);

    /// A new device with the kernels that came with this program.
    abstract Gpu open();

    @AfterEach
    void close() {
        gpu.close();
    }

    @Test
    void theDescriptionNamesDeviceAndVersions() {
        assertThat(gpu.description())
                .matches(
                        ".+, compute capability \\d+\\.\\d, \\d+ [GM]iB, driver 1\\d\\.\\d+, cuBLAS 1\\d\\.\\d+, NVRTC 1\\d\\.\\d+");
        assertThat(gpu.computeCapability()).isGreaterThanOrEqualTo(75);
        assertThat(gpu.freeBytes()).isBetween(1L, gpu.totalBytes());
    }

    // ---- memory ----

    @Test
    void newMemoryIsZeroAndAlignedEvenWhenItWasUsedBefore() {
        for (long byteSize : new long[] {0, 1, 511, 513, 3 << 20}) {
            for (int round = 0; round < 3; round++) {
                try (DeviceMemory memory = gpu.allocate(byteSize)) {
                    assertThat(memory.byteSize()).isEqualTo(byteSize);
                    assertThat(memory.address() % 256).isZero();
                    assertThat(bytes(memory)).isEqualTo(new byte[(int) byteSize]);
                    byte[] ones = new byte[(int) byteSize];
                    Arrays.fill(ones, (byte) -1);
                    gpu.upload(MemorySegment.ofArray(ones), memory.address());
                }
            }
        }
    }

    @Test
    void memoryThatIsGivenBackIsFreeAgain() {
        long size = 64 << 20;
        long others = 16 << 20; // what the driver and other processes may take and give back meanwhile
        gpu.allocate(size).close();
        long before = gpu.freeBytes();
        DeviceMemory memory = gpu.allocate(size);
        assertThat(gpu.freeBytes()).isLessThanOrEqualTo(before - size + others);
        memory.close();
        memory.close();
        assertThat(gpu.freeBytes()).isCloseTo(before, Offset.offset(others));
    }

    @Test
    void whatIsKeptGoesBackToTheDriverWhenItIsNeeded() {
        long free = gpu.freeBytes();
        gpu.allocate(free / 100 * 40).close();
        gpu.allocate(free / 100 * 55).close();
        gpu.allocate(free / 100 * 80).close();
    }

    @Test
    void tooMuchIsRefusedWithWhatWasAskedAndWhatIsFree() {
        long tooMuch = gpu.totalBytes() + (1 << 20);
        assertThatExceptionOfType(CudaException.class)
                .isThrownBy(() -> gpu.allocate(tooMuch))
                .satisfies(failure -> assertThat(failure.status()).isEqualTo(CudaDriver.CUDA_ERROR_OUT_OF_MEMORY))
                .withMessageContaining("out of memory on the device: ")
                .withMessageContaining("asked for")
                .withMessageContaining("free; lower --memory");
        gpu.allocate(1).close();
    }

    // ---- transfers ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, BUFFER - 1, BUFFER, BUFFER + 1, 2 * BUFFER + 13})
    void arraysArriveAndMayBeOverwrittenAtOnce(int length) {
        byte[] values = randomBytes(length);
        byte[] sent = values.clone();
        try (DeviceMemory memory = gpu.allocate(length)) {
            gpu.upload(MemorySegment.ofArray(sent), memory.address());
            Arrays.fill(sent, (byte) 0);
            assertThat(bytes(memory)).isEqualTo(values);
        }
    }

    @Test
    void nativeMemoryArrivesToo() {
        byte[] values = randomBytes(1000);
        try (Arena arena = Arena.ofConfined();
                DeviceMemory memory = gpu.allocate(1000)) {
            MemorySegment segment = arena.allocate(1000).copyFrom(MemorySegment.ofArray(values));
            gpu.upload(segment, memory.address());
            segment.fill((byte) 0);
            gpu.download(memory.address(), segment);
            assertThat(segment.toArray(JAVA_BYTE)).isEqualTo(values);
        }
    }

    /// More than both buffers hold, so that each is filled several times.
    @Test
    void manySmallUploadsKeepTheirOrder() {
        int length = 10_007;
        int count = 5 * BUFFER / length;
        byte[] values = randomBytes(length + count);
        try (DeviceMemory memory = gpu.allocate((long) length * count)) {
            for (int i = 0; i < count; i++) {
                gpu.upload(MemorySegment.ofArray(values).asSlice(i, length), memory.address() + (long) i * length);
            }
            byte[] received = bytes(memory);
            for (int i = 0; i < count; i++) {
                assertThat(Arrays.equals(received, i * length, (i + 1) * length, values, i, i + length))
                        .as("upload %d", i)
                        .isTrue();
            }
        }
    }

    @Test
    void copiesAndZerosAreDoneInOrder() {
        byte[] values = randomBytes(100);
        try (DeviceMemory first = gpu.allocate(100);
                DeviceMemory second = gpu.allocate(100)) {
            gpu.upload(MemorySegment.ofArray(values), first.address());
            gpu.copy(first.address(), second.address() + 10, 80);
            gpu.zero(first.address() + 5, 90);
            gpu.copy(first.address(), second.address(), 0);
            gpu.zero(first.address(), 0);
            gpu.synchronise();
            byte[] copied = new byte[100];
            System.arraycopy(values, 0, copied, 10, 80);
            assertThat(bytes(second)).isEqualTo(copied);
            Arrays.fill(values, 5, 95, (byte) 0);
            assertThat(bytes(first)).isEqualTo(values);
        }
    }

    // ---- kernels ----

    @Test
    void aKernelRunsWithAnyNumberOfBlocks() {
        for (long blocks : new long[] {1, 2, 1000}) {
            try (DeviceMemory memory = gpu.allocate(1000 * 8)) {
                Tensor tensor = Tensor.of(memory, DType.FLOAT64, 10, 100);
                gpu.launch(
                        "fill_d",
                        blocks,
                        256,
                        0,
                        gpu.arguments().view(tensor.columns(3, 50)).number(0.25));
                double[] expected = new double[1000];
                for (int row = 0; row < 10; row++) {
                    Arrays.fill(expected, row * 100 + 3, row * 100 + 50, 0.25);
                }
                assertThat(doubles(memory.address(), 1000)).isEqualTo(expected);
            }
        }
    }

    @Test
    void muchSharedMemoryIsAskedFor() {
        try (DeviceMemory memory = gpu.allocate(40)) {
            Tensor tensor = Tensor.of(memory, DType.FLOAT32, 10);
            gpu.launch("fill_f", 1, 256, 60 << 10, gpu.arguments().view(tensor).number(2));
            float[] values = new float[10];
            gpu.download(memory.address(), MemorySegment.ofArray(values));
            assertThat(values).containsOnly(2);
        }
    }

    @Test
    void aKernelThatIsNotThereIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpu.launch("nothing_f", 1, 256, 0, gpu.arguments()))
                .withMessage("kernel: expected the name of one, got nothing_f");
        assertThatIllegalArgumentException().isThrownBy(() -> gpu.launch("fill_f", 0, 256, 0, gpu.arguments()));
    }

    // ---- decompositions ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 33})
    void eigenvectorsAreRowsAndOnlyTheLowerTriangleIsRead(int n) {
        double[] matrix = random.doubles((long) n * n, -1, 1).toArray();
        double[] given = matrix.clone();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                matrix[j * n + i] = matrix[i * n + j];
                given[j * n + i] = 1e6;
            }
        }
        double[] vectors = new double[n * n];
        double[] values = eigen(given, vectors, n);
        assertThat(values).isSorted();
        for (int v = 0; v < n; v++) {
            for (int i = 0; i < n; i++) {
                double product = 0;
                for (int j = 0; j < n; j++) {
                    product += matrix[i * n + j] * vectors[v * n + j];
                }
                assertThat(product).isCloseTo(values[v] * vectors[v * n + i], within(1e-12 * Math.max(1, n)));
            }
        }
        double[] again = new double[n * n];
        assertThat(eigen(given, again, n)).isEqualTo(values);
        assertThat(again).isEqualTo(vectors);
    }

    @Test
    void aMatrixWithNanHasNoEigenvalues() {
        double[] matrix = {1, 0, Double.NaN, 1};
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> eigen(matrix, new double[4], 2))
                .withMessageContaining("syevd of a 2 x 2 matrix");
    }

    private double[] eigen(double[] matrix, double[] vectors, int n) {
        try (DeviceMemory memory = gpu.allocate((long) n * n * Double.BYTES);
                DeviceMemory values = gpu.allocate((long) n * Double.BYTES)) {
            gpu.upload(MemorySegment.ofArray(matrix), memory.address());
            gpu.symmetricEigen(memory.address(), n, values.address());
            gpu.download(memory.address(), MemorySegment.ofArray(vectors));
            return doubles(values.address(), n);
        }
    }

    // ---- life ----

    @Test
    void twoOpenDevicesDoNotDisturbEachOther() {
        try (Gpu other = open();
                DeviceMemory here = gpu.allocate(8);
                DeviceMemory there = other.allocate(8)) {
            for (double value : new double[] {1, 2, 3}) {
                gpu.upload(MemorySegment.ofArray(new double[] {value}), here.address());
                other.upload(MemorySegment.ofArray(new double[] {-value}), there.address());
                double[] received = new double[1];
                other.download(there.address(), MemorySegment.ofArray(received));
                assertThat(received[0]).isEqualTo(-value);
                assertThat(doubles(here.address(), 1)[0]).isEqualTo(value);
            }
        }
    }

    @Test
    void aClosedDeviceSaysSoAndItsMemoryMayBeClosedAfterwards() {
        DeviceMemory memory = gpu.allocate(8);
        gpu.close();
        gpu.close();
        memory.close();
        assertThatIllegalStateException().isThrownBy(gpu::synchronise).withMessageContaining("closed");
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] bytes(DeviceMemory memory) {
        byte[] bytes = new byte[(int) memory.byteSize()];
        gpu.download(memory.address(), MemorySegment.ofArray(bytes));
        return bytes;
    }

    private double[] doubles(long address, int count) {
        double[] values = new double[count];
        gpu.download(address, MemorySegment.ofArray(values));
        return values;
    }

    private static Offset<Double> within(double tolerance) {
        return Offset.offset(tolerance);
    }
}
