package dev.wellspring.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.DotProducts.Panel;
import dev.wellspring.linalg.StoredRows.Numbers;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every dot-product kernel must do. Documents always lie in a segment that ends with the last of them, so that
/// one byte read behind it throws.
@TestInstance(Lifecycle.PER_CLASS)
public abstract class DotProductsContract {
    private static final List<Integer> SIZES = List.of(0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000);

    /// Around the tiles that kernels cut dimensions into.
    private static final List<Integer> TILES = List.of(255, 256, 257, 4095, 4096, 4097, 8200);

    /// Few, around four, and several vectors of them.
    private static final List<Integer> QUERIES = List.of(1, 3, 4, 5, 20);

    /// Uneven ranges, the last one first.
    private static final RowParallel IN_PIECES = (count, body) -> {
        body.accept(count / 3, count);
        body.accept(Math.min(1, count / 3), count / 3);
        body.accept(0, Math.min(1, count / 3));
    };

    private DotProducts kernel;

    /// A new kernel that spreads documents in this way.
    protected abstract DotProducts create(RowParallel parallel);

    /// Whether a document's score does not depend on the others bit for bit; within rounding otherwise.
    protected boolean isExactPerDocument() {
        return true;
    }

    @BeforeAll
    final void open() {
        kernel = create(RowParallel.serial());
    }

    @AfterAll
    final void close() {
        kernel.close();
    }

    @Test
    void theKernelHasAName() {
        assertThat(kernel.name()).matches("[a-z]+");
    }

    // ---- what is computed ----

    /// Sums of small whole numbers are exact in every order, so one wrong place shows.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void productsOfWholeNumbersAreExactForAnyNumberOfDocuments(Precision precision) {
        for (int rows : SIZES) {
            assertExact(precision, rows, 70, 3);
            assertExact(precision, rows, 70, 21);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void productsOfWholeNumbersAreExactForAnyNumberOfDimensions(Precision precision) {
        for (int dimensions : SIZES) {
            for (int queries : QUERIES) {
                assertExact(precision, 13, dimensions, queries);
            }
        }
        for (int dimensions : TILES) {
            for (int queries : QUERIES) {
                assertExact(precision, 3, dimensions, queries);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void productsOfWholeNumbersAreExactForAnyNumberOfQueries(Precision precision) {
        for (int queries : SIZES) {
            assertExact(precision, 13, 70, queries);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void productsOfRealNumbersAreThoseOfDoubleLoops(Precision precision) {
        for (int dimensions : List.of(1, 65, 1000, 4097)) {
            for (int queries : QUERIES) {
                var documents = new StoredRows(precision, 20, dimensions, Numbers.REAL, 1);
                double[] q = StoredRows.queries(queries, dimensions, Numbers.REAL, 2);
                double[] expected = documents.products(q, queries);
                double[] scores = scores(kernel, documents, q, queries);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(scores[i])
                            .as("score %d of %d dimensions, %d queries", i, dimensions, queries)
                            .isCloseTo(expected[i], within(tolerance(documents)));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void productsAreAddedToWhatIsThereAndNothingElseIsTouched(Precision precision) {
        for (int queries : QUERIES) {
            var documents = new StoredRows(precision, 9, 40, Numbers.WHOLE, 3);
            double[] q = StoredRows.queries(queries, 40, Numbers.WHOLE, 4);
            double[] products = documents.products(q, queries);
            double[] scores = new double[products.length + 5];
            Arrays.setAll(scores, i -> 0.25 + i);
            try (Panel panel = kernel.prepare(q, queries, 40, precision)) {
                kernel.accumulate(documents.values(), precision, documents.scales(), 9, panel, scores);
                kernel.accumulate(documents.values(), precision, documents.scales(), 9, panel, scores);
            }
            for (int i = 0; i < scores.length; i++) {
                double twice = i < products.length ? 2 * products[i] : 0;
                assertThat(scores[i]).isEqualTo(0.25 + i + twice);
            }
        }
    }

    @Test
    void aScaleMultipliesTheScoresOfItsDocument() {
        for (int queries : QUERIES) {
            var documents = new StoredRows(Precision.INT8, 9, 40, Numbers.WHOLE, 5);
            double[] q = StoredRows.queries(queries, 40, Numbers.WHOLE, 6);
            documents.scale(2, 0);
            documents.scale(4, -3);
            assertThat(scores(kernel, documents, q, queries)).containsExactly(documents.products(q, queries));
            assertThat(Arrays.copyOfRange(scores(kernel, documents, q, queries), 2 * queries, 3 * queries))
                    .containsOnly(0);
        }
    }

    @Test
    void aPanelOfAnotherPrecisionIsRefused() {
        var documents = new StoredRows(Precision.INT8, 2, 8, Numbers.WHOLE, 7);
        try (Panel panel = kernel.prepare(new double[8], 1, 8, Precision.BFLOAT16)) {
            assertThat(panel.queries()).isEqualTo(1);
            assertThat(panel.dimensions()).isEqualTo(8);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.accumulate(
                            documents.values(), Precision.INT8, documents.scales(), 2, panel, new double[2]))
                    .withMessage("precision: expected BFLOAT16, which the panel is for, got INT8");
        }
    }

    // ---- what a score does not depend on ----

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aDocumentScoresTheSameInAnyCompany(Precision precision) {
        for (int queries : QUERIES) {
            var documents = new StoredRows(precision, 150, 321, Numbers.REAL, 8);
            double[] q = StoredRows.queries(queries, 321, Numbers.REAL, 9);
            double[] together = scores(kernel, documents, q, queries);
            for (int[] range : new int[][] {{0, 1}, {1, 2}, {149, 150}, {3, 10}, {50, 147}, {1, 150}}) {
                double[] apart = scores(kernel, documents.rows(range[0], range[1]), q, queries);
                double[] expected = Arrays.copyOfRange(together, range[0] * queries, range[1] * queries);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(apart[i])
                            .as("%d queries, documents %d to %d, score %d", queries, range[0], range[1], i)
                            .isCloseTo(expected[i], within(isExactPerDocument() ? 0 : tolerance(documents)));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void theNumberOfThreadsChangesNoBit(Precision precision) {
        try (var pool = new WorkerPool(3);
                DotProducts threaded = create(pool);
                DotProducts pieces = create(IN_PIECES)) {
            for (int queries : QUERIES) {
                var documents = new StoredRows(precision, 700, 1031, Numbers.REAL, 10);
                double[] q = StoredRows.queries(queries, 1031, Numbers.REAL, 11);
                double[] alone = scores(kernel, documents, q, queries);
                assertThat(scores(threaded, documents, q, queries)).containsExactly(alone);
                assertThat(scores(pieces, documents, q, queries)).containsExactly(alone);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FLOAT64", "FLOAT32", "BFLOAT16"})
    void whatIsNotFiniteStaysInItsDocument(Precision precision) {
        for (int queries : QUERIES) {
            for (int dimensions : List.of(9, 300)) {
                var documents = new StoredRows(precision, 14, dimensions, Numbers.WHOLE, 14);
                double[] q = StoredRows.queries(queries, dimensions, Numbers.WHOLE, 15);
                Arrays.setAll(q, i -> Math.abs(q[i]) + 1);
                double[] before = scores(kernel, documents, q, queries);
                documents.set(1, dimensions - 1, Double.NaN);
                documents.set(5, 0, Double.POSITIVE_INFINITY);
                documents.set(13, 3, Double.NEGATIVE_INFINITY);
                double[] after = scores(kernel, documents, q, queries);
                for (int i = 0; i < after.length; i++) {
                    double expected = switch (i / queries) {
                        case 1 -> Double.NaN;
                        case 5 -> Double.POSITIVE_INFINITY;
                        case 13 -> Double.NEGATIVE_INFINITY;
                        default -> before[i];
                    };
                    assertThat(Double.compare(after[i], expected))
                            .as("score %d: expected %s, got %s", i, expected, after[i])
                            .isZero();
                }
            }
        }
    }

    // ---- where documents lie ----

    @ParameterizedTest
    @EnumSource(Precision.class)
    void documentsAreReadFromAMappedFileToItsLastByte(Precision precision, @TempDir Path folder) throws IOException {
        for (int queries : QUERIES) {
            var documents = new StoredRows(precision, 11, 133, Numbers.WHOLE, 16);
            double[] q = StoredRows.queries(queries, 133, Numbers.WHOLE, 17);
            Path file = folder.resolve(precision + "-" + queries);
            try (Arena arena = Arena.ofShared();
                    FileChannel channel = FileChannel.open(Files.write(file, documents.bytes()));
                    Panel panel = kernel.prepare(q, queries, 133, precision)) {
                MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
                double[] scores = new double[11 * queries];
                kernel.accumulate(mapped, precision, documents.scales(), 11, panel, scores);
                assertThat(scores).containsExactly(documents.products(q, queries));
            }
        }
    }

    /// 2·u·(K + 4) of the largest product, with u the roundoff of the sums.
    private static double tolerance(StoredRows documents) {
        double roundoff = documents.precision() == Precision.FLOAT64 ? 0x1p-53 : 0x1p-24;
        return 2 * roundoff * (documents.dimensions() + 4) * documents.largest();
    }

    private void assertExact(Precision precision, int rows, int dimensions, int queries) {
        var documents = new StoredRows(precision, rows, dimensions, Numbers.WHOLE, 18);
        double[] q = StoredRows.queries(queries, dimensions, Numbers.WHOLE, 19);
        assertThat(scores(kernel, documents, q, queries))
                .as("%d documents, %d dimensions, %d queries", rows, dimensions, queries)
                .containsExactly(documents.products(q, queries));
    }

    private static double[] scores(DotProducts kernel, StoredRows documents, double[] q, int queries) {
        double[] scores = new double[documents.count() * queries];
        try (Panel panel = kernel.prepare(q, queries, documents.dimensions(), documents.precision())) {
            kernel.accumulate(
                    documents.values(), documents.precision(), documents.scales(), documents.count(), panel, scores);
        }
        return scores;
    }
}
