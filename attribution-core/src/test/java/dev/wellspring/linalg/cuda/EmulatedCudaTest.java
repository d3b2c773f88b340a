package dev.wellspring.linalg.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wellspring.linalg.cuda.library.CudaDriver;
import dev.wellspring.linalg.cuda.library.CudaException;
import dev.wellspring.linalg.cuda.library.LibraryLoader;
import dev.wellspring.linalg.cuda.library.MathLibraries;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The emulation itself: what a GPU catches it has to catch, and barriers and shuffles have to be real.
class EmulatedCudaTest {
    private static final int THREADS = 256;

    private final Arena arena = Arena.ofConfined();
    private final EmulatedCuda cuda = EmulatedCuda.orSkip();
    private final LibraryLoader loader = LibraryLoader.of(cuda.paths());
    private final CudaDriver driver = CudaDriver.open(loader);
    private final MathLibraries libraries = MathLibraries.open(loader, driver.driverVersion());
    private final KernelArguments arguments = new KernelArguments(arena);
    private long allocationsBefore;

    @BeforeEach
    void open() {
        driver.cuCtxSetCurrent(driver.cuDevicePrimaryCtxRetain(0));
        allocationsBefore = cuda.liveAllocations();
    }

    @AfterEach
    void close() {
        cuda.makeHasty(0);
        cuda.configure(EmulatedCuda.USUAL);
        cuda.forgive();
        driver.cuDevicePrimaryCtxRelease(0);
        arena.close();
        assertThat(cuda.liveAllocations()).isEqualTo(allocationsBefore);
    }

    // ---- threads of a block ----

    @Test
    void aSumOverATreeNeedsItsBarriers() {
        float[] numbers = new float[2 * THREADS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        float[] expected = {255 * 128, 255 * 128 + 65536};
        assertThat(treeSum(numbers, 1)).containsExactly(expected);
        assertThat(treeSum(numbers, 0)).isNotEqualTo(expected);
    }

    private float[] treeSum(float[] numbers, int barriers) {
        long x = upload(numbers);
        long out = driver.cuMemAlloc(2 * Float.BYTES);
        launch("treeSum", 2, 0, arguments.clear().address(x).address(out).integer(barriers));
        float[] sums = floats(out, 2);
        driver.cuMemFree(x);
        driver.cuMemFree(out);
        return sums;
    }

    @Test
    void dynamicSharedMemoryIsAsLargeAsTheLaunchSays() {
        float[] numbers = new float[THREADS];
        Arrays.fill(numbers, 0.5f);
        long x = upload(numbers);
        long out = driver.cuMemAlloc(Float.BYTES);
        launch(
                "dynamicSum",
                1,
                THREADS * Float.BYTES,
                arguments.clear().address(x).address(out));
        assertThat(floats(out, 1)).containsExactly(128);
        assertFails(
                "dynamicSum",
                THREADS * Float.BYTES - 4,
                arguments.clear().address(x).address(out),
                "dynamic shared");
        driver.cuMemFree(x);
        driver.cuMemFree(out);
    }

    @Test
    void sharedMemoryThatIsWrittenTooEarlyIsReadWrong() {
        long out = driver.cuMemAlloc(2 * THREADS * Float.BYTES);
        launch("twoSums", 1, 0, arguments.clear().address(out).integer(1));
        assertThat(floats(out, THREADS)).containsOnly(1);
        launch("twoSums", 2, 0, arguments.clear().address(out).integer(0));
        assertThat(floats(out, THREADS)).contains(2);
        driver.cuMemFree(out);
    }

    @Test
    void sharedMemoryStartsFullOfNan() {
        long out = driver.cuMemAlloc(THREADS * Float.BYTES);
        launch("readUnwritten", 2, 0, arguments.clear().address(out));
        assertThat(floats(out, THREADS)).containsOnly(Float.NaN);
        driver.cuMemFree(out);
    }

    @Test
    void shufflesBringTheNumbersOfOtherLanes() {
        long out = driver.cuMemAlloc(4 * THREADS * Integer.BYTES);
        launch("shuffles", 1, 0, arguments.clear().address(out));
        int[] taken = ints(out, 4 * THREADS);
        for (int thread = 0; thread < THREADS; thread++) {
            int lane = thread % 32;
            assertThat(Arrays.copyOfRange(taken, 4 * thread, 4 * thread + 4))
                    .as("thread %d", thread)
                    .containsExactly(
                            thread ^ 1,
                            lane == 0 ? thread : thread - 1,
                            lane == 31 ? thread : thread + 1,
                            thread - lane + 5);
        }
        driver.cuMemFree(out);
    }

    @Test
    void threadsThatWaitInVainAreReported() {
        long out = driver.cuMemAlloc(THREADS * Integer.BYTES);
        assertFails("halfShuffle", 0, arguments.clear().address(out), "for threads that never come");
        assertFails("splitBarrier", 0, arguments.clear().address(out), "others at kernels.cpp");
        assertFails(
                "earlyEnd", 0, arguments.clear().address(out), "251 of 256 threads wait at the barrier kernels.cpp");
        driver.cuMemFree(out);
    }

    // ---- memory ----

    @Test
    void newMemoryIsFullOfNan() {
        long memory = driver.cuMemAlloc(1000 * Float.BYTES);
        assertThat(floats(memory, 1000)).containsOnly(Float.NaN);
        driver.cuMemFree(memory);
    }

    @Test
    void accessesOutsideOfAnAllocationAreRefused() {
        long memory = driver.cuMemAlloc(64);
        MemorySegment host = arena.allocate(128);
        assertRefuses(() -> driver.cuMemcpyHtoDAsync(memory, host, 65, 0), "target");
        assertRefuses(() -> driver.cuMemcpyDtoHAsync(host, memory + 1, 64, 0), "source");
        assertRefuses(() -> driver.cuMemsetD8Async(memory - 1, (byte) 0, 8, 0), "target");
        assertRefuses(() -> driver.cuMemcpyDtoDAsync(memory + 60, memory, 8, 0), "target");
        assertRefuses(() -> driver.cuMemcpyDtoDAsync(memory + 8, memory, 16, 0), "overlap");
        assertRefuses(() -> driver.cuMemFree(memory + 8), "cuMemFree");
        assertFails("strayWrite", 0, arguments.clear().address(memory).integer(-1), "wrote outside of an allocation");
        long other = driver.cuMemAlloc(64);
        assertThatThrownBy(() -> driver.cuMemFree(memory)).isInstanceOf(CudaException.class);
        driver.cuMemFree(other);
    }

    @Test
    void allocationsEndWithTheConfiguredMemory() {
        cuda.configure(new EmulatedCuda.Configuration(1, 90, 12_080, 1000));
        long memory = driver.cuMemAlloc(600);
        assertThat(driver.memoryInfo()).isEqualTo(new CudaDriver.MemoryInfo(400, 1000));
        CudaException refusal = catchThrowableOfType(CudaException.class, () -> driver.cuMemAlloc(401));
        assertThat(refusal.status()).isEqualTo(CudaDriver.CUDA_ERROR_OUT_OF_MEMORY);
        driver.cuMemFree(memory);
        assertThat(driver.memoryInfo().free()).isEqualTo(1000);
    }

    /// As on a device, a copy from pinned memory reads what is there when its turn comes.
    @Test
    void pinnedMemoryThatIsOverwrittenTooEarlyArrivesOverwritten() {
        long memory = driver.cuMemAlloc(Integer.BYTES);
        MemorySegment pinned = driver.cuMemAllocHost(Integer.BYTES);
        pinned.set(JAVA_INT, 0, 1);
        driver.cuMemcpyHtoDAsync(memory, pinned, Integer.BYTES, 0);
        pinned.set(JAVA_INT, 0, 2);
        driver.cuStreamSynchronize(0);
        assertThat(ints(memory, 1)).containsExactly(2);
        assertThat(cuda.pinnedAllocations()).isPositive();
        driver.cuMemFreeHost(pinned);
        driver.cuMemFree(memory);
    }

    // ---- streams ----

    /// A copy on one stream into what another one reads before and after: with both waits the old and the new
    /// contents are seen, whatever comes first by itself; without one of them, they are not.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void streamsThatWaitForEachOtherAreInStep(int hasty) {
        assertThat(seenBeforeAndAfter(hasty, true, true)).containsExactly(1, 2);
    }

    @Test
    void aWaitThatIsMissingShows() {
        Set<List<Integer>> withoutFirst = new LinkedHashSet<>();
        Set<List<Integer>> withoutSecond = new LinkedHashSet<>();
        for (int hasty = 0; hasty < 4; hasty++) {
            withoutFirst.add(numbers(seenBeforeAndAfter(hasty, false, true)));
            withoutSecond.add(numbers(seenBeforeAndAfter(hasty, true, false)));
        }
        assertThat(withoutFirst).contains(List.of(2, 2));
        assertThat(withoutSecond).contains(List.of(1, 1));
    }

    private static List<Integer> numbers(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private int[] seenBeforeAndAfter(int hasty, boolean copyWaits, boolean readerWaits) {
        long reader = driver.cuStreamCreate(CudaDriver.CU_STREAM_NON_BLOCKING);
        long copier = driver.cuStreamCreate(CudaDriver.CU_STREAM_NON_BLOCKING);
        long asked = driver.cuEventCreate(CudaDriver.CU_EVENT_DISABLE_TIMING);
        long done = driver.cuEventCreate(CudaDriver.CU_EVENT_DISABLE_TIMING);
        long memory = upload(new int[] {1});
        long seen = driver.cuMemAlloc(2 * Integer.BYTES);
        MemorySegment pinned = driver.cuMemAllocHost(Integer.BYTES);
        pinned.set(JAVA_INT, 0, 2);
        driver.cuStreamSynchronize(0);
        cuda.makeHasty(hasty);
        driver.cuMemcpyDtoDAsync(seen, memory, Integer.BYTES, reader);
        driver.cuEventRecord(asked, reader);
        if (copyWaits) {
            driver.cuStreamWaitEvent(copier, asked);
        }
        driver.cuMemcpyHtoDAsync(memory, pinned, Integer.BYTES, copier);
        driver.cuEventRecord(done, copier);
        if (readerWaits) {
            driver.cuStreamWaitEvent(reader, done);
        }
        driver.cuMemcpyDtoDAsync(seen + Integer.BYTES, memory, Integer.BYTES, reader);
        driver.cuStreamSynchronize(reader);
        cuda.makeHasty(0);
        int[] result = ints(seen, 2);
        driver.cuStreamDestroy(copier);
        driver.cuStreamDestroy(reader);
        driver.cuEventDestroy(asked);
        driver.cuEventDestroy(done);
        driver.cuMemFreeHost(pinned);
        driver.cuMemFree(seen);
        driver.cuMemFree(memory);
        return result;
    }

    // ---- compiler ----

    @Test
    void theCompilerMissesHeadersAndKnowsItsArchitectures() {
        assertThat(compile("#include \"kernels.cu\"\n", Map.of("kernels.cu", "// nothing\n"), "sm_90"))
                .isNotEmpty();
        assertThatThrownBy(() -> compile("#include <cuda_bf16.h>\n", Map.of(), "sm_90"))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("COMPILATION");
        assertThatThrownBy(() -> compile("// nothing", Map.of(), "sm_70"))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("INVALID_OPTION");
        byte[] older = compile("// nothing", Map.of(), "sm_80");
        assertThatThrownBy(() -> load(older))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("NO_BINARY_FOR_GPU");
    }

    // ---- helpers ----

    private byte[] compile(String source, Map<String, String> headers, String architecture) {
        long program = libraries.nvrtc().nvrtcCreateProgram(source, "kernels.cu", headers);
        try {
            libraries.nvrtc().nvrtcCompileProgram(program, List.of("--gpu-architecture=" + architecture));
            return libraries.nvrtc().cubin(program);
        } finally {
            libraries.nvrtc().nvrtcDestroyProgram(program);
        }
    }

    private KernelModule load(byte[] image) {
        return new KernelModule(driver, 0, image);
    }

    private void launch(String kernel, int blocks, int sharedBytes, KernelArguments arguments) {
        try (KernelModule module = load(compile("// nothing", Map.of(), "sm_90"))) {
            module.launch(kernel, blocks, THREADS, sharedBytes, arguments);
            driver.cuStreamSynchronize(0);
        }
    }

    private void assertFails(String kernel, int sharedBytes, KernelArguments arguments, String message) {
        assertThatThrownBy(() -> launch(kernel, 1, sharedBytes, arguments)).isInstanceOf(CudaException.class);
        assertThat(cuda.message()).contains(kernel).contains(message);
        cuda.forgive();
    }

    private void assertRefuses(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("CUDA_ERROR_INVALID_VALUE");
        assertThat(cuda.message()).contains(message);
    }

    private long upload(int[] values) {
        long memory = driver.cuMemAlloc((long) values.length * Integer.BYTES);
        MemorySegment host = arena.allocateFrom(JAVA_INT, values);
        driver.cuMemcpyHtoDAsync(memory, host, host.byteSize(), 0);
        return memory;
    }

    private long upload(float[] values) {
        long memory = driver.cuMemAlloc((long) values.length * Float.BYTES);
        MemorySegment host = arena.allocateFrom(JAVA_FLOAT, values);
        driver.cuMemcpyHtoDAsync(memory, host, host.byteSize(), 0);
        return memory;
    }

    private float[] floats(long address, int count) {
        return download(address, (long) count * Float.BYTES).toArray(JAVA_FLOAT);
    }

    private int[] ints(long address, int count) {
        return download(address, (long) count * Integer.BYTES).toArray(JAVA_INT);
    }

    private MemorySegment download(long address, long byteSize) {
        MemorySegment host = arena.allocate(byteSize, 8);
        driver.cuMemcpyDtoHAsync(host, address, byteSize, 0);
        driver.cuStreamSynchronize(0);
        return host;
    }
}
