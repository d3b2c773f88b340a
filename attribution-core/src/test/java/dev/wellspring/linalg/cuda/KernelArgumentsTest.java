package dev.wellspring.linalg.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class KernelArgumentsTest {
    private static final long BASE = 0x7f00_0000_1000L;

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final KernelArguments arguments = new KernelArguments(arena);

    @Test
    void aViewLiesAsTheKernelsDeclareIt() {
        Tensor tensor = Tensor.of(memory(4096), DType.BFLOAT16, 3, 4, 5);
        arguments.view(tensor.rows(1, 3).transposed());
        byte[] expected = ByteBuffer.allocate(80)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(BASE + 20 * 2)
                .putInt(2)
                .putInt(3)
                .putLong(2)
                .putLong(5)
                .putLong(4)
                .putLong(1)
                .putLong(20)
                .putLong(1)
                .putLong(5)
                .putLong(0)
                .array();
        assertThat(bytes(0)).containsExactly(expected);
    }

    @Test
    void anAbsentTensorHasNoDataAndLeavesNothingOfThePreviousArgument() {
        arguments.view(Tensor.of(memory(64), DType.FLOAT32, 4));
        arguments.clear().view(null);
        assertThat(bytes(0)).containsOnly(0);
    }

    @Test
    void numbersLieInCallOrder() {
        arguments.integer(-2).whole(1L << 40).number(0.5).address(BASE);
        assertThat(arguments.count()).isEqualTo(4);
        assertThat(start(0).getInt()).isEqualTo(-2);
        assertThat(start(1).getLong()).isEqualTo(1L << 40);
        assertThat(start(2).getDouble()).isEqualTo(0.5);
        assertThat(start(3).getLong()).isEqualTo(BASE);
    }

    @Test
    void theAddressesAreThoseOfTheArguments() {
        arguments.integer(1).integer(2);
        for (int i = 0; i < 2; i++) {
            assertThat(arguments.addresses().getAtIndex(ADDRESS, i).address())
                    .isEqualTo(arguments.argument(i).address());
        }
    }

    @Test
    void aTensorOfTheHostIsRefused() {
        try (Tensor host = Tensor.of(HostMemory.allocate(16), DType.FLOAT32, 4)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> arguments.view(host))
                    .withMessageContaining("on the device")
                    .withMessageContaining("host's memory");
        }
    }

    @Test
    void fiveAxesAreRefused() {
        Tensor tensor = Tensor.of(memory(64), DType.FLOAT32, 1, 1, 1, 1, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> arguments.view(tensor))
                .withMessageContaining("at most 4 axes");
    }

    @Test
    void closedMemoryIsRefusedAndGivenBackOnce() {
        int[] given = new int[1];
        var memory = new DeviceMemory(BASE, 16, () -> given[0]++);
        Tensor tensor = Tensor.of(memory, DType.FLOAT32, 4);
        tensor.close();
        tensor.close();
        assertThat(given[0]).isEqualTo(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> arguments.view(tensor))
                .withMessageContaining("closed");
    }

    private static DeviceMemory memory(long byteSize) {
        return new DeviceMemory(BASE, byteSize, () -> {});
    }

    private byte[] bytes(int index) {
        return arguments.argument(index).toArray(JAVA_BYTE);
    }

    private ByteBuffer start(int index) {
        return ByteBuffer.wrap(Arrays.copyOf(bytes(index), 8)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
