package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.wellspring.linalg.cuda.library.CudaException;
import dev.wellspring.linalg.cuda.library.Nvrtc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The kernels compile to machine code from Turing to Blackwell, with NVIDIA's compiler and without a GPU.
class KernelsCompileTest {
    /// Those that the backend launches, each in float and double.
    private static final List<String> KERNELS = List.of(
            "convert",
            "fill",
            "add",
            "scale",
            "addSquared",
            "combine",
            "divideDamped",
            "segmentSum",
            "rowDot",
            "longRowDotPartial",
            "longRowDotFinal",
            "dotPartial",
            "dotFinal",
            "largest",
            "gather",
            "scatterAdd",
            "firstOutside",
            "adam",
            "normForward",
            "normBackward",
            "normWeightBackward",
            "activationForward",
            "activationBackward",
            "gatedForward",
            "gatedBackward",
            "rotary",
            "gatherHeads",
            "scatterHeads",
            "causalSoftmax",
            "causalSoftmaxBackward",
            "crossEntropy",
            "sampleLabels",
            "mirror");

    private static final Pattern DEFINITION = Pattern.compile("^KERNEL(_OF)?\\((\\w+),", Pattern.MULTILINE);

    /// Its compiler takes `--Ofast-compile`, as it counts: 12.9.
    private static final int FAST = 12_090;

    /// Without most optimisations where they can be left out, which takes a fifth of the time: what does not compile
    /// does not in either way.
    @ParameterizedTest
    @ValueSource(ints = {75, 80, 86, 89, 90, 100, 120})
    void everyKernelCompilesForEveryArchitecture(int architecture) {
        Nvrtc nvrtc = NvrtcUnderTest.openOrSkip();
        int[] known = nvrtc.supportedArchitectures();
        assumeThat(known)
                .as("the architectures that NVRTC %s compiles for", nvrtc.version())
                .contains(architecture);
        List<String> fast = nvrtc.release() >= FAST ? List.of("--Ofast-compile=max") : List.of();
        expectAllKernels(compile(nvrtc, architecture, fast));
    }

    @Test
    void everyKernelCompilesAsTheBackendCompilesIt() {
        expectAllKernels(compile(NvrtcUnderTest.openOrSkip(), 90, List.of()));
    }

    @Test
    void theSourcesDefineWhatTheBackendLaunches() {
        assertThat(defined())
                .containsAll(KERNELS.stream().map(name -> name + "_d").toList());
    }

    private static void expectAllKernels(byte[] cubin) {
        String bytes = new String(cubin, StandardCharsets.ISO_8859_1);
        assertThat(defined())
                .allSatisfy(kernel -> assertThat(bytes.contains("\0.text." + kernel + "\0"))
                        .as("%s in the machine code", kernel)
                        .isTrue());
    }

    /// The names of all kernels in the sources.
    private static List<String> defined() {
        List<String> names = new ArrayList<>();
        for (String text : KernelSources.ofResources().included().values()) {
            Matcher matcher = DEFINITION.matcher(text);
            while (matcher.find()) {
                String name = matcher.group(2);
                names.addAll(matcher.group(1) != null ? List.of(name) : List.of(name + "_f", name + "_d"));
            }
        }
        return names;
    }

    private static byte[] compile(Nvrtc nvrtc, int architecture, List<String> more) {
        KernelSources sources = KernelSources.ofResources();
        long program = nvrtc.nvrtcCreateProgram(sources.main(), KernelSources.MAIN, sources.included());
        try {
            List<String> options = Stream.concat(
                            Stream.of("--gpu-architecture=sm_" + architecture, "--std=c++17"), more.stream())
                    .toList();
            nvrtc.nvrtcCompileProgram(program, options);
            return nvrtc.cubin(program);
        } catch (CudaException failure) {
            throw new AssertionError(String.join("\n", nvrtc.log(program)), failure);
        } finally {
            nvrtc.nvrtcDestroyProgram(program);
        }
    }
}
