package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.linalg.DeviceSpace;
import dev.wellspring.run.MemoryBudget;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeviceBudgetTest {
    private static final long GIBI = 1L << 30;
    private static final MemorySize HOST = new MemorySize(16 * GIBI);

    @Test
    void withoutAnOptionTheWholeDeviceIsPlannedFor() {
        MemoryBudget budget = DeviceBudget.of(new DeviceSpace(100 * GIBI, 95 * GIBI), Optional.empty(), 2 * GIBI, HOST);
        assertThat(budget.bytes()).isEqualTo(90 * GIBI);
        assertThat(budget.base()).isEqualTo(2 * GIBI + MemoryBudget.DEVICE_RESERVE);
    }

    /// But for what the process itself takes.
    @Test
    void theHostsMemoryIsWhereWhatDoesNotFitWaits() {
        var device = new DeviceSpace(100 * GIBI, 95 * GIBI);
        assertThat(DeviceBudget.of(device, Optional.empty(), GIBI, HOST).offloadable())
                .isEqualTo(16 * GIBI - MemoryBudget.BASE);
        assertThat(DeviceBudget.of(device, Optional.empty(), GIBI, new MemorySize(GIBI / 2))
                        .offloadable())
                .isZero();
    }

    @Test
    void theOptionIsWhatMayBeTakenBesideTheWeights() {
        MemoryBudget budget = DeviceBudget.of(
                new DeviceSpace(100 * GIBI, 95 * GIBI), Optional.of(new MemorySize(7 * GIBI)), GIBI, HOST);
        assertThat(budget.beside(0)).isEqualTo(7 * GIBI);
    }

    @Test
    void theOptionCannotAskForMoreThanThereIs() {
        MemoryBudget budget = DeviceBudget.of(
                new DeviceSpace(8 * GIBI, 8 * GIBI), Optional.of(new MemorySize(64 * GIBI)), GIBI, HOST);
        assertThat(budget.bytes()).isEqualTo(8 * GIBI);
    }

    /// What was free when a run began must not decide how it is cut, so it begins only where all is free.
    @Test
    void aDeviceThatOthersUseIsRefusedWithWhatToDo() {
        var busy = new DeviceSpace(100 * GIBI, 12 * GIBI);
        assertThatThrownBy(() -> DeviceBudget.of(busy, Optional.empty(), 2 * GIBI, HOST))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "device memory: expected 90.0 GiB free, got 12.0 of 100.0 GiB; end what else runs there, choose"
                                + " another GPU with CUDA_VISIBLE_DEVICES, or give --memory 9.0G");
        assertThat(DeviceBudget.of(busy, Optional.of(new MemorySize(9 * GIBI)), 2 * GIBI, HOST)
                        .beside(0))
                .isEqualTo(9 * GIBI);
    }
}
