package dev.wellspring.linalg.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What threads share out among themselves has the bits of one thread.
class CpuThreadsTest {
    @BeforeAll
    static void needsOpenBlas() {
        assumeTrue(CpuLinearAlgebra.isOnClassPath(), "OpenBLAS for this machine");
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void headsOfLongDocuments(DType type) {
        expectSameBits((algebra, work) -> {
            int rows = 290 + 40;
            int[] offsets = {0, 290, rows};
            var segments = new Segments(offsets, work.allocate(DType.INT32, offsets.length));
            var shape = new AttentionShape(0.5, 200, 0);
            Tensor q = random(algebra, work, type, 1, rows, 6, 8);
            Tensor k = random(algebra, work, type, 2, rows, 3, 8);
            Tensor v = random(algebra, work, type, 3, rows, 3, 8);
            Tensor out = work.allocate(type, rows, 6, 8);
            Tensor dq = work.allocate(type, rows, 6, 8);
            Tensor dk = work.allocate(type, rows, 3, 8);
            Tensor dv = work.allocate(type, rows, 3, 8);
            algebra.attentionForward(q, k, v, segments, shape, out);
            algebra.attentionBackward(q, k, v, segments, shape, out, dq, dk, dv);
            return List.of(out, dq, dk, dv);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void slicesOfDeepProducts(DType type) {
        expectSameBits((algebra, work) -> {
            Tensor a = random(algebra, work, type, 1, 40, 40_000);
            Tensor b = random(algebra, work, type, 2, 40_000, 33);
            Tensor single = work.allocate(type, 40, 33);
            Tensor wide = work.allocate(DType.FLOAT64, 40, 33);
            algebra.gemm(0.5, a, b, 0, single);
            algebra.gemm(0.5, a, b, 1, wide);
            return List.of(single, wide);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void tilesOfSums(DType type) {
        expectSameBits((algebra, work) -> {
            Tensor x = random(algebra, work, type, 1, 2100, 1000);
            Tensor sum = work.allocate(DType.FLOAT64, 1000, 1000);
            algebra.rankUpdate(1, x, 1, sum);
            algebra.rankUpdate(0.5, x, 1, sum);
            return List.of(sum);
        });
    }

    /// Each matrix stays on one thread, whose products are deep.
    @Test
    void decompositionsOfOblongMatrices() {
        expectSameBits((algebra, work) -> {
            Tensor a = work.allocate(DType.FLOAT64, 6, 9000, 260);
            algebra.copy(random(algebra, work, DType.FLOAT32, 1, 6, 9000, 260), a);
            Tensor u = work.allocate(DType.FLOAT64, 6, 9000, 4);
            Tensor v = work.allocate(DType.FLOAT64, 6, 260, 4);
            algebra.batchedTruncatedSvd(a, u, v);
            return List.of(u, v);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void transposingCopiesAndUploads(DType type) {
        expectSameBits((algebra, work) -> {
            Tensor x = random(algebra, work, DType.FLOAT32, 1, 3, 150, 131);
            Tensor turned = work.allocate(type, 3, 131, 150);
            algebra.copy(x, turned.transposed());
            Tensor uploaded = work.allocate(type, 200, 300);
            try (Arena arena = Arena.ofConfined()) { // threads may not read it but by its address
                MemorySegment values = arena.allocate(ValueLayout.JAVA_FLOAT, 200 * 300);
                for (int i = 0; i < 200 * 300; i++) {
                    values.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 1009 - 500);
                }
                algebra.upload(values, DType.FLOAT32, uploaded.transposed());
            }
            return List.of(turned, uploaded);
        });
    }

    private static void expectSameBits(BiFunction<LinearAlgebra, Workspace, List<Tensor>> results) {
        List<byte[]> expected = run(RowParallel.serial(), results);
        try (var pool = new WorkerPool(3)) {
            List<byte[]> actual = run(pool, results);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(actual.get(i)).as("result %d", i).isEqualTo(expected.get(i));
            }
        }
    }

    private static List<byte[]> run(RowParallel parallel, BiFunction<LinearAlgebra, Workspace, List<Tensor>> results) {
        List<byte[]> bytes = new ArrayList<>();
        try (var algebra = new CpuLinearAlgebra(parallel);
                var work = new Workspace(algebra)) {
            results.apply(algebra, work)
                    .forEach(tensor -> bytes.add(tensor.segment().toArray(ValueLayout.JAVA_BYTE)));
        }
        return bytes;
    }

    private static Tensor random(LinearAlgebra algebra, Workspace work, DType type, long seed, long... shape) {
        Tensor tensor = work.allocate(type, shape);
        var random = new Random(seed);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(ValueLayout.JAVA_FLOAT, tensor.elementCount());
            for (long i = 0; i < tensor.elementCount(); i++) {
                values.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
            }
            algebra.upload(values, DType.FLOAT32, tensor);
        }
        return tensor;
    }
}
