package dev.wellspring.linalg.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Transfer;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What waits in pinned memory and is fetched beside the computing, wherever the device's libraries come from.
abstract class OffloadingContract {
    private static final int N = 500;

    final LinearAlgebra algebra = new CudaLinearAlgebra(open(), new ReferenceLinearAlgebra());

    /// A new device.
    abstract Gpu open();

    /// Makes streams late or early, see [EmulatedCuda#makeHasty], where that can be chosen.
    abstract void makeHasty(int which);

    /// Expects all pinned memory to be freed, where that can be seen.
    abstract void expectNothingPinned();

    @AfterEach
    void close() {
        makeHasty(0);
        algebra.close();
        expectNothingPinned();
    }

    /// Each copy overwrites what was computed with the time before last, and is awaited one computation later.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void twoTargetsInTurnAreNeitherReadTooEarlyNorOverwrittenTooEarly(int hasty) {
        Tensor waiting = algebra.allocateOffloaded(DType.FLOAT32, 6, N);
        for (int row = 0; row < 6; row++) {
            algebra.fill(waiting.select(0, row), 1 << row);
        }
        Tensor targets = algebra.allocate(DType.FLOAT32, 2, N);
        Tensor sums = algebra.allocate(DType.FLOAT64, 18, N);
        makeHasty(hasty);
        Transfer next = algebra.copyBeside(waiting.select(0, 0), targets.select(0, 0));
        for (int turn = 0; turn < 18; turn++) {
            next.await();
            next = algebra.copyBeside(waiting.select(0, (turn + 1) % 6), targets.select(0, (turn + 1) % 2));
            algebra.add(1, targets.select(0, turn % 2), sums.select(0, turn));
        }
        double[] expected = new double[18 * N];
        Arrays.setAll(expected, i -> 1 << i / N % 6);
        assertThat(read(sums)).isEqualTo(expected);
    }

    /// A target that is closed before its copy is done is another tensor's only afterwards.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aTargetThatIsClosedEarlyDoesNotReachWhoHasItsMemoryNext(int hasty) {
        Tensor waiting = algebra.allocateOffloaded(DType.FLOAT32, N);
        algebra.fill(waiting, 5);
        makeHasty(hasty);
        for (int round = 0; round < 10; round++) {
            Tensor target = algebra.allocate(DType.FLOAT32, N);
            Transfer unused = algebra.copyBeside(waiting, target);
            target.close();
            try (Tensor other = algebra.allocate(DType.FLOAT32, N)) {
                algebra.fill(other, round);
                unused.await(); // by when the copy is done, however late it is
                double[] expected = new double[N];
                Arrays.fill(expected, round);
                assertThat(read(other)).isEqualTo(expected);
            }
        }
    }

    /// Sources may be written again, or closed, as soon as they are asked to: the copy reads what was there before.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aSourceIsReadBeforeItIsWrittenOrClosed(int hasty) {
        makeHasty(hasty);
        Tensor source = algebra.allocate(DType.FLOAT32, N);
        Tensor waiting = algebra.allocateOffloaded(DType.FLOAT32, N);
        Tensor targets = algebra.allocate(DType.FLOAT32, 4, N);
        algebra.fill(source, 3);
        algebra.fill(waiting, 1);
        Transfer filled = algebra.copyBeside(waiting, targets.select(0, 0));
        algebra.fill(waiting, 2);
        Transfer uploaded = algebra.copyBeside(waiting, targets.select(0, 1));
        algebra.copy(source, waiting);
        Transfer copied = algebra.copyBeside(waiting, targets.select(0, 2));
        algebra.upload(MemorySegment.ofArray(new float[N]), DType.FLOAT32, waiting);
        Transfer last = algebra.copyBeside(waiting, targets.select(0, 3));
        waiting.close();
        for (Transfer transfer : new Transfer[] {filled, uploaded, copied, last}) {
            transfer.await();
        }
        double[] expected = new double[4 * N];
        Arrays.setAll(expected, i -> new double[] {1, 2, 3, 0}[i / N]);
        assertThat(read(targets)).isEqualTo(expected);
    }

    @Test
    void otherOperationsRefuseWhatIsOffloaded() {
        Tensor waiting = algebra.allocateOffloaded(DType.FLOAT32, 2, 2);
        Tensor here = algebra.allocate(DType.FLOAT32, 2, 2);
        String refusal = "expected a tensor on the device, got FLOAT32[2, 2] in the host's memory; copy it to one on"
                + " the device first";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> algebra.add(1, waiting, here))
                .withMessageEndingWith("expected a tensor on the device, got FLOAT32[4] in the host's memory; copy it"
                        + " to one on the device first");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> algebra.gemm(1, here, waiting, 0, here))
                .withMessageEndingWith("in the host's memory; copy it to one on the device first");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> algebra.truncatedSvd(waiting, here, here))
                .withMessageContaining("in the host's memory");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> algebra.copyBeside(here, here))
                .withMessageStartingWith("source: expected an offloaded tensor");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> algebra.copyBeside(waiting, waiting))
                .withMessage("target: " + refusal);
    }

    @Test
    void whatIsOffloadedGoesWithTheDeviceAndMayBeClosedAfterwards() {
        Tensor waiting = algebra.allocateOffloaded(DType.FLOAT32, N);
        Tensor target = algebra.allocate(DType.FLOAT32, N);
        Transfer copy = algebra.copyBeside(waiting, target);
        algebra.close();
        expectNothingPinned();
        copy.await();
        target.close();
        waiting.close();
        assertThatIllegalStateException().isThrownBy(() -> waiting.segment().get(JAVA_BYTE, 0));
    }

    final double[] read(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.elementCount())];
        algebra.download(tensor, MemorySegment.ofArray(values), DType.FLOAT64);
        return values;
    }
}
