package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.linalg.cuda.library.CudaException;
import dev.wellspring.linalg.cuda.library.Nvrtc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the backend uses NVIDIA's own compiler; it needs no GPU.
class NvrtcTest {
    private static final KernelSources SOURCES = new KernelSources(
            "#include \"view.cuh\"\nextern \"C\" __global__ void twice_f(View v) { v.data[threadIdx.x] *= 2; }\n",
            Map.of("view.cuh", "#pragma once\nstruct View { float* data; };\n"));

    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    @TempDir
    Path folder;

    private final Nvrtc nvrtc = NvrtcUnderTest.openOrSkip();

    @Test
    void aKnownArchitectureBecomesMachineCodeThatIsKept() throws IOException {
        byte[] image = compiler().compile(SOURCES, 90);
        assertThat(image).startsWith(ELF);
        List<Path> kept = kept();
        assertThat(kept).hasSize(1);
        assertThat(kept.getFirst().getFileName().toString()).matches("[0-9a-f]{64}\\.cubin");
        assertThat(compiler().compile(SOURCES, 90)).isEqualTo(image);
    }

    @Test
    void whatIsKeptIsTakenInsteadOfCompiling() throws IOException {
        compiler().compile(SOURCES, 90);
        byte[] other = {1, 2, 3};
        new KernelCache(folder).write(kept().getFirst().getFileName().toString(), other);
        assertThat(compiler().compile(SOURCES, 90)).isEqualTo(other);
    }

    @Test
    void anArchitectureOfTheFutureBecomesTextThatEndsWithZero() {
        byte[] image = compiler().compile(SOURCES, 999);
        String text = new String(image, StandardCharsets.UTF_8);
        assertThat(text).contains(".target sm_", "twice_f").endsWith("\0");
    }

    @Test
    void anErrorInAKernelIsOneLineThatNamesIt() {
        var broken = new KernelSources("extern \"C\" __global__ void k() { nonsense(); }", Map.of());
        assertThatThrownBy(() -> compiler().compile(broken, 90))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("kernels.cu(1): error: identifier \"nonsense\" is undefined")
                .hasMessageNotContaining("\n");
    }

    private KernelCompiler compiler() {
        return new KernelCompiler(nvrtc, new KernelCache(folder));
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
