package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.linalg.cuda.KernelCompiler.Target;
import dev.wellspring.linalg.cuda.library.UnavailableException;
import org.junit.jupiter.api.Test;

class KernelCompilerTest {
    private static final int[] ARCHITECTURES = {75, 80, 86, 89, 90};

    @Test
    void aKnownDeviceGetsMachineCode() {
        Target target = Target.of(90, ARCHITECTURES, "12.4");
        assertThat(target.option()).isEqualTo("--gpu-architecture=sm_90");
        assertThat(target.suffix()).isEqualTo(".cubin");
    }

    @Test
    void aNewerDeviceGetsTextForTheNewestKnownOne() {
        Target target = Target.of(120, ARCHITECTURES, "12.4");
        assertThat(target.option()).isEqualTo("--gpu-architecture=compute_90");
        assertThat(target.suffix()).isEqualTo(".ptx");
    }

    @Test
    void aDeviceBetweenTwoGetsTextForTheOlder() {
        assertThat(Target.of(87, ARCHITECTURES, "12.4").option()).isEqualTo("--gpu-architecture=compute_86");
    }

    @Test
    void aDeviceThatTheCompilerHasForgottenIsRefusedInWords() {
        assertThatThrownBy(() -> Target.of(70, ARCHITECTURES, "13.0"))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("NVRTC 13.0 no longer compiles for compute capability 7.0");
    }
}
