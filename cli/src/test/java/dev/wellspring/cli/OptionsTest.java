package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.cli.progress.ProgressMode;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private final Screen screen = new Screen();
    private final ProbeCommand probe = new ProbeCommand(() -> null);

    @Test
    void defaultsDoThePapersJob() {
        assertThat(probe.execute(screen.piped())).isZero();
        assertThat(probe.model.model).isEqualTo(Path.of("m"));
        assertThat(probe.compute.backend).isEqualTo(ComputeOptions.BackendChoice.AUTO);
        assertThat(probe.compute.dtype).isEqualTo(DType.FLOAT32);
        assertThat(probe.compute.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(probe.run.seed).isZero();
        assertThat(probe.run.memory()).isEqualTo(MemorySize.halfOfMachine());
        assertThat(probe.run.progress.mode).isEqualTo(ProgressMode.AUTO);
        assertThat(probe.run.metrics).isNull();
    }

    @Test
    void optionsAreRead() {
        assertThat(probe.execute(
                        screen.piped(),
                        "--backend",
                        "nd4j",
                        "--dtype",
                        "bfloat16",
                        "--threads",
                        "3",
                        "--seed",
                        "7",
                        "--memory",
                        "1.5g",
                        "--progress",
                        "off",
                        "--metrics",
                        "m.json"))
                .isZero();
        assertThat(probe.compute.backend).isEqualTo(ComputeOptions.BackendChoice.ND4J);
        assertThat(probe.compute.dtype).isEqualTo(DType.BFLOAT16);
        assertThat(probe.compute.threads()).isEqualTo(3);
        assertThat(probe.run.seed).isEqualTo(7);
        assertThat(probe.run.memory()).isEqualTo(new MemorySize(1536L << 20));
        assertThat(probe.run.progress.mode).isEqualTo(ProgressMode.OFF);
        assertThat(probe.run.metrics).isEqualTo(Path.of("m.json"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--backend|gpu|expected auto, cuda, cpu, nd4j, reference, got 'gpu'",
                "--dtype|float16|expected float32, bfloat16, float64, got 'float16'",
                "--dtype|int32|expected float32, bfloat16, float64, got 'int32'",
                "--threads|0|expected at least 1, got 0",
                "--threads|many|'many' is not an int",
                "--memory|lots|expected a size such as 512M, 8G or 1.5g, got 'lots'",
                "--seed|x|'x' is not a long",
                "--progress|loud|expected auto, plain, off, got 'loud'"
            })
    void wrongValueNamesTheOptionAndWhatWasExpected(String option, String value, String message) {
        assertThat(probe.execute(screen.piped(), option, value)).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(screen.err())
                .hasLineCount(1)
                .startsWith("wellspring probe: Invalid value for option '" + option + "'")
                .contains(message);
    }

    @Test
    void missingModelIsNamed() {
        assertThat(probe.line(screen.piped(), "probe").execute("probe")).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(screen.err()).hasLineCount(1).contains("Missing required option: '--model=DIR'");
    }

    @Test
    void optionsMayComeFromAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("options"), "--seed 11\n--threads 2\n");
        assertThat(probe.execute(screen.piped(), "@" + file)).isZero();
        assertThat(probe.run.seed).isEqualTo(11);
        assertThat(probe.compute.threads()).isEqualTo(2);
    }
}
