package dev.wellspring.linalg;

import static dev.wellspring.linalg.Contract.assertRefuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Allocation, transfers, copies.
public interface MemoryContract extends Contract {
    @Test
    default void theBackendSaysWhatItIs() {
        assertThat(algebra().name()).matches("[a-z0-9]+");
        assertThat(algebra().description()).isNotBlank().doesNotContain("\n");
        assertThat(lab().computed()).contains(DType.FLOAT32).doesNotContain(DType.FLOAT16, DType.INT32);
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, mode = Mode.EXCLUDE, names = "FLOAT16")
    default void newMemoryIsZeroedAndRowMajor(DType type) {
        for (int n : SIZES) {
            try (Tensor tensor = algebra().allocate(type, 3, n)) {
                assertThat(tensor.type()).isEqualTo(type);
                assertThat(tensor.shape()).containsExactly(3, n);
                assertThat(tensor.isContiguous()).isTrue();
                assertThat(lab().read(tensor)).isEqualTo(new double[3 * n]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
    default void numbersThatATypeHoldsSurviveTheRoundTrip(DType type) {
        double[] special = {0, -0.0, 1, -1, 0.5, -3.5, 0x1p-126, Double.NaN, 1 / 0.0, -1 / 0.0};
        for (int n : new int[] {0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000}) {
            double[] values = new double[n];
            Arrays.setAll(values, i -> special[i % special.length]);
            Tensor tensor = lab().blank(type, n);
            lab().write(values, tensor);
            lab().assertSame(tensor, values);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
    default void everyFloatingTypeCanBeUploaded(DType type) {
        double[] values = {0, -0.0, 1, -1.5, 0.125, -3, 96, 1 / 0.0};
        short[] halves = new short[values.length];
        short[] bfloats = new short[values.length];
        float[] singles = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            singles[i] = (float) values[i];
            halves[i] = Float.floatToFloat16(singles[i]);
            bfloats[i] = (short) (Float.floatToRawIntBits(singles[i]) >>> 16);
        }
        Tensor tensor = lab().blank(type, 2, 4);
        algebra().upload(MemorySegment.ofArray(halves), DType.FLOAT16, tensor);
        lab().assertSame(tensor, values);
        algebra().fill(tensor, Double.NaN);
        algebra().upload(MemorySegment.ofArray(bfloats), DType.BFLOAT16, tensor);
        lab().assertSame(tensor, values);
        algebra().fill(tensor, Double.NaN);
        algebra().upload(MemorySegment.ofArray(singles), DType.FLOAT32, tensor);
        lab().assertSame(tensor, values);

        short[] bfloatsBack = new short[values.length];
        float[] singlesBack = new float[values.length];
        algebra().download(tensor, MemorySegment.ofArray(bfloatsBack), DType.BFLOAT16);
        algebra().download(tensor, MemorySegment.ofArray(singlesBack), DType.FLOAT32);
        assertThat(bfloatsBack).containsExactly(bfloats);
        assertThat(singlesBack).containsExactly(singles);
    }

    @Test
    default void uploadsRoundToTheNearestAndTiesToEven() {
        Tensor bfloats = lab().blank(DType.BFLOAT16, 6);
        lab().write(
                        new double[] {1 + 0x1p-8, 1 + 3 * 0x1p-8, 1 + 0x1p-9, 1 + 0x1p-8 + 0x1p-20, -1 - 0x1p-8, 3.4e38
                        },
                        bfloats);
        lab().assertSame(bfloats, new double[] {1, 1 + 0x1p-6, 1, 1 + 0x1p-7, -1, 1 / 0.0});
    }

    @Test
    default void uploadsToFloat32RoundToTheNearest() {
        Tensor singles = lab().blank(DType.FLOAT32, 3);
        lab().write(new double[] {0.1, 1 + 0x1p-24, 1 + 3 * 0x1p-24}, singles);
        lab().assertSame(singles, new double[] {0.1f, 1, 1 + 0x1p-22});
    }

    @Test
    default void uploadsReachViewsOfAnyStridesAndNothingElse() {
        Tensor tensor = lab().blank(DType.FLOAT32, 2, 3, 4);
        Tensor view = tensor.swapped(0, 2);
        double[] values = lab().numbers(24);
        lab().write(values, view);
        double[] expected = new double[24];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 2; k++) {
                    expected[(k * 3 + j) * 4 + i] = (float) values[(i * 3 + j) * 2 + k];
                }
            }
        }
        lab().assertSame(tensor, expected);
        assertThat(lab().read(view.select(1, 1)))
                .containsExactly(Arrays.stream(new int[] {4, 16, 5, 17, 6, 18, 7, 19})
                        .mapToDouble(i -> expected[i])
                        .toArray());
    }

    @Test
    default void integersSurviveTheRoundTrip() {
        int[] values = {0, 1, -1, 16_777_217, Integer.MAX_VALUE, Integer.MIN_VALUE};
        Tensor tensor = lab().integers(values);
        int[] back = new int[values.length];
        algebra().download(tensor, MemorySegment.ofArray(back), DType.INT32);
        assertThat(back).containsExactly(values);
    }

    @Test
    default void copiesConvertAndTranspose() {
        for (int n : SIZES) {
            double[] values = new double[3 * n];
            Arrays.setAll(values, i -> i % 100 - 50);
            for (DType from : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16}) {
                for (DType to : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16}) {
                    Tensor source = lab().of(from, values, 3, n);
                    Tensor straight = lab().blank(to, 3, n);
                    Tensor turned = lab().blank(to, n, 3);
                    algebra().copy(source, straight);
                    algebra().copy(source.transposed(), turned);
                    lab().assertSame(straight, values);
                    lab().assertSame(turned.transposed(), values);
                }
            }
        }
    }

    /// More than one square of what is turned at a time, in several matrices, with gaps.
    @Test
    default void batchesOfMatricesAreTransposedAndNothingElse() {
        double[] values = new double[2 * 37 * 70];
        Arrays.setAll(values, i -> i % 101 - 50);
        for (DType from : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16}) {
            for (DType to : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16}) {
                Tensor source = lab().of(from, values, 2, 37, 70);
                Tensor copied = lab().blank(to, 2, 70, 40);
                algebra().fill(copied, Double.NaN);
                algebra().copy(source, copied.columns(1, 38).transposed());
                lab().assertSame(copied.columns(1, 38).transposed(), values);
                assertThat(lab().read(copied.columns(0, 1))).containsOnly(Double.NaN);
                assertThat(lab().read(copied.columns(38, 40))).containsOnly(Double.NaN);
                Tensor back = lab().blank(from, 2, 37, 70);
                algebra().copy(copied.columns(1, 38).transposed(), back);
                lab().assertSame(back, values);
            }
        }
    }

    @Test
    default void uploadsOfNativeMemoryReachATransposedTensor() {
        float[] values = new float[37 * 70];
        double[] expected = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 101 - 50;
            expected[i] = values[i];
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
            for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16}) {
                Tensor turned = lab().blank(type, 70, 37);
                algebra().upload(source, DType.FLOAT32, turned.transposed());
                lab().assertSame(turned.transposed(), expected);
                Tensor straight = lab().blank(type, 37, 70);
                algebra().upload(source, DType.FLOAT32, straight);
                lab().assertSame(straight, expected);
            }
        }
    }

    @Test
    default void copiesReachHeadsOfAPackedTensor() {
        Tensor packed = lab().random(DType.FLOAT32, 5, 3, 4);
        Tensor heads = lab().blank(DType.FLOAT32, 3, 5, 4);
        algebra().copy(packed.swapped(0, 1), heads);
        lab().assertSame(heads.swapped(0, 1), lab().read(packed));
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, mode = Mode.EXCLUDE, names = "FLOAT16")
    default void fillReachesTheWholeViewAndNothingElse(DType type) {
        for (int n : SIZES) {
            Tensor tensor = lab().blank(type, 4, n);
            algebra().fill(tensor, 2);
            algebra().fill(tensor.rows(1, 3), 5);
            double[] expected = new double[4 * n];
            Arrays.fill(expected, 2);
            Arrays.fill(expected, n, 3 * n, 5);
            lab().assertSame(tensor, expected);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
    default void offloadedMemoryIsZeroedAndReachedByTransfersCopiesAndFills(DType type) {
        for (int n : SIZES) {
            double[] values = new double[3 * n];
            Arrays.setAll(values, i -> i % 100 - 50);
            try (Tensor waiting = algebra().allocateOffloaded(type, 3, n);
                    Tensor other = algebra().allocateOffloaded(type, 3, n);
                    Tensor back = algebra().allocate(type, 3, n)) {
                assertThat(waiting.type()).isEqualTo(type);
                assertThat(waiting.shape()).containsExactly(3, n);
                assertThat(lab().read(waiting)).isEqualTo(new double[3 * n]);
                lab().write(values, waiting);
                lab().assertSame(waiting, values);
                algebra().copy(waiting, other);
                algebra().copy(other, back);
                lab().assertSame(back, values);
                algebra().fill(waiting.rows(1, 3), 7);
                algebra().copy(back.rows(1), waiting.rows(1, 2));
                double[] expected = new double[3 * n];
                Arrays.fill(expected, 7);
                System.arraycopy(values, 0, expected, 0, n);
                System.arraycopy(values, 0, expected, n, n);
                lab().assertSame(waiting.rows(1, 2), Arrays.copyOfRange(expected, n, 2 * n));
                lab().assertSame(waiting.rows(2, 3), Arrays.copyOfRange(expected, 2 * n, 3 * n));
                lab().assertSame(waiting.rows(1), Arrays.copyOfRange(values, 0, n));
            }
        }
    }

    @Test
    default void copiesOutOfOffloadedMemoryAndIntoItConvertAndTranspose() {
        double[] values = lab().numbers(15);
        try (Tensor waiting = algebra().allocateOffloaded(DType.FLOAT64, 3, 5)) {
            Tensor source = lab().of(DType.FLOAT32, values, 5, 3);
            Tensor narrow = lab().blank(DType.FLOAT32, 3, 5);
            Tensor turned = lab().blank(DType.FLOAT64, 5, 3);
            algebra().copy(source.transposed(), waiting);
            algebra().copy(waiting, narrow);
            algebra().copy(waiting.transposed(), turned);
            double[] stored = lab().read(source);
            lab().assertSame(turned, stored);
            lab().assertSame(narrow, lab().read(source.transposed()));
            algebra().fill(waiting, 0);
            algebra().copy(source, waiting.transposed());
            lab().assertSame(waiting.transposed(), stored);
        }
    }

    /// What was asked for before reads the old contents, what is asked for behind the wait the new ones.
    @Test
    default void copiesBesideTheComputingComeBetweenWhatWasAskedForBeforeAndWhatComesBehindTheWait() {
        double[] values = new double[1000];
        try (Tensor waiting = algebra().allocateOffloaded(DType.FLOAT32, 4, 1000);
                Tensor target = algebra().allocate(DType.FLOAT32, 2, 1000)) {
            for (int row = 0; row < 4; row++) {
                Arrays.fill(values, row + 1);
                lab().write(values, waiting.select(0, row));
            }
            Tensor sums = lab().blank(DType.FLOAT64, 1000);
            algebra().fill(sums, 0);
            algebra().fill(target, 100);
            for (int row = 0; row < 4; row++) {
                algebra().add(1, target.select(0, 1), sums);
                Transfer copy = algebra().copyBeside(waiting.select(0, row), target.select(0, 1));
                copy.await();
                copy.await();
            }
            algebra().add(1, target.select(0, 1), sums);
            Arrays.fill(values, 100 + 1 + 2 + 3 + 4);
            lab().assertSame(sums, values);
            Arrays.fill(values, 100);
            lab().assertSame(target.select(0, 0), values);
        }
    }

    @Test
    default void copiesBesideTheComputingMoveBytesOfOneTypeWithoutGaps() {
        try (Tensor waiting = algebra().allocateOffloaded(DType.FLOAT32, 2, 3);
                Tensor target = algebra().allocate(DType.FLOAT32, 3, 2);
                Tensor wide = algebra().allocate(DType.FLOAT64, 2, 3)) {
            assertRefuses(() -> algebra().copyBeside(waiting, target), "target", "[2, 3]", "got [3, 2]");
            assertRefuses(() -> algebra().copyBeside(waiting, wide), "target", "one type", "FLOAT64");
            assertRefuses(() -> algebra().copyBeside(waiting, target.transposed()), "target", "no gaps", "strides");
        }
    }

    @Test
    default void transfersRefuseShortMemoryAndMixedTypes() {
        Tensor floats = lab().blank(DType.FLOAT32, 3);
        assertRefuses(
                () -> algebra().upload(MemorySegment.ofArray(new float[2]), DType.FLOAT32, floats),
                "source",
                "12 bytes",
                "got 8");
        assertRefuses(
                () -> algebra().download(floats, MemorySegment.ofArray(new float[2]), DType.FLOAT32),
                "target",
                "12 bytes",
                "got 8");
        assertRefuses(
                () -> algebra().upload(MemorySegment.ofArray(new int[3]), DType.INT32, floats),
                "source",
                "FLOAT32",
                "got INT32");
        assertRefuses(() -> algebra().copy(lab().integers(1, 2, 3), floats), "target", "INT32", "got FLOAT32");
        assertRefuses(() -> algebra().copy(lab().random(DType.FLOAT32, 2, 3), floats), "target", "[2, 3]", "got [3]");
    }
}
