package dev.wellspring.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wellspring.linalg.DotProductKernels.Opened;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

class DotProductKernelsTest {
    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();

    @AfterEach
    void close() {
        algebra.close();
    }

    @Test
    void autoTakesVectorInstructionsAndSaysWhy() {
        Opened opened = open(DotProductKernels.AUTO);
        try (DotProducts products = opened.products()) {
            assertThat(products.name()).isEqualTo("vector");
            assertThat(opened.why())
                    .matches("\\d+-bit vector instructions read documents where they lie")
                    .doesNotContain("\n");
        }
    }

    @Test
    void autoTakesTheSeamForABackendOnADevice() {
        Opened opened = DotProductKernels.open(DotProductKernels.AUTO, FarAlgebra.over(algebra), RowParallel.serial());
        try (DotProducts products = opened.products()) {
            assertThat(products.name()).isEqualTo("seam");
            assertThat(opened.why()).isEqualTo("the backend reference computes on a device");
        }
    }

    @Test
    void aKernelCanBeAskedFor() {
        for (String name : new String[] {"vector", "seam"}) {
            Opened opened = open(name);
            try (DotProducts products = opened.products()) {
                assertThat(products.name()).isEqualTo(name);
                assertThat(opened.why()).isEqualTo("asked for");
            }
        }
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("abacus"))
                .withMessage("kernel: expected auto, vector or seam, got abacus");
    }

    @Test
    void withoutTheModuleAutoTakesTheSeamAndVectorIsRefused() throws Exception {
        String lack = "expected a JVM with the module jdk.incubator.vector, got one without; give it the option"
                + " --add-modules jdk.incubator.vector";
        assertThat(probe("auto")).isEqualTo("seam: " + lack);
        assertThat(probe("vector")).isEqualTo("kernel vector: " + lack + "; use auto or seam");
    }

    /// On processors whose vectors are that short there is no multiply-add to rely on, except on ARM.
    @Test
    @DisabledIfSystemProperty(named = "os.arch", matches = "aarch64")
    void withShortVectorsAutoTakesTheSeam() throws Exception {
        assertThat(probe("auto", "--add-modules=jdk.incubator.vector", "-XX:MaxVectorSize=16"))
                .isEqualTo("seam: expected vector registers of at least 256 bits, got 128");
    }

    /// The line that a JVM with these options says.
    private static String probe(String word, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KernelProbe.class.getName(), word));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out.strip();
    }

    private Opened open(String name) {
        return DotProductKernels.open(name, algebra, RowParallel.serial());
    }
}
