package dev.wellspring.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.model.checkpoint.ConfigFile;
import dev.wellspring.tensor.DType;
import dev.wellspring.train.Initialisation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

class CheckpointFileTest {
    static final List<String> GOLDEN = GoldenCase.NAMES;

    private static final Initialisation NORMAL = new Initialisation.Normal(0.02);

    @TempDir
    Path folder;

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();

    /// Tensors of the same names and shapes as Hugging Face's code wrote them, transposed where the family is.
    @ParameterizedTest
    @FieldSource("GOLDEN")
    void whatWasReadIsWrittenAsItWas(String name) throws IOException {
        Path original = GoldenCase.load(name).model();
        Files.copy(original.resolve("config.json"), folder.resolve("config.json"));
        try (Checkpoint read = Checkpoint.open(original);
                DecoderWeights weights = DecoderWeights.load(read, algebra, DType.FLOAT32)) {
            CheckpointFile.write(folder, weights, algebra);
            try (Checkpoint written = Checkpoint.open(folder)) {
                for (DecoderWeights.Weight weight : weights.tensors()) {
                    assertThat(written.tensor(weight.name()).shape())
                            .isEqualTo(read.tensor(weight.name()).shape());
                    if (read.tensor(weight.name()).type() == DType.FLOAT32) {
                        assertThat(written.tensor(weight.name())
                                        .data()
                                        .mismatch(read.tensor(weight.name()).data()))
                                .as(weight.name())
                                .isEqualTo(-1);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TinyModel.class)
    void whatIsWrittenIsReadAgain(TinyModel model) throws IOException {
        TinyCheckpoint.write(folder, model.config(), 3);
        Path copy = Files.createDirectory(folder.resolve("copy"));
        Files.copy(folder.resolve("config.json"), copy.resolve("config.json"));
        try (Checkpoint read = Checkpoint.open(folder);
                DecoderWeights weights = DecoderWeights.load(read, algebra, DType.FLOAT64)) {
            CheckpointFile.write(copy, weights, algebra);
            try (Checkpoint written = Checkpoint.open(copy);
                    DecoderWeights again = DecoderWeights.load(written, algebra, DType.FLOAT64)) {
                assertThat(again.unusedTensors()).isEmpty();
                for (int i = 0; i < weights.tensors().size(); i++) {
                    Numbers.assertClose(
                            weights.tensors().get(i).name(),
                            Numbers.of(algebra, again.tensors().get(i).tensor()),
                            Numbers.of(algebra, weights.tensors().get(i).tensor()),
                            1e-15);
                }
            }
        }
    }

    @Test
    void newWeightsAreNormalNumbersAndNormsOfOne() throws IOException {
        Path config = Files.writeString(folder.resolve("config.json"), TinyModel.COHERE_QUERY_KEY_NORM.config());
        DecoderConfig read = DecoderConfig.read(ConfigFile.read(config));
        try (DecoderWeights first = NORMAL.weights(algebra, read, DType.FLOAT64, 5);
                DecoderWeights same = NORMAL.weights(algebra, read, DType.FLOAT64, 5);
                DecoderWeights other = NORMAL.weights(algebra, read, DType.FLOAT64, 6)) {
            double[] drawn = new double[0];
            for (int i = 0; i < first.tensors().size(); i++) {
                DecoderWeights.Weight weight = first.tensors().get(i);
                double[] values = Numbers.of(algebra, weight.tensor());
                assertThat(Numbers.of(algebra, same.tensors().get(i).tensor())).isEqualTo(values);
                if (weight.name().endsWith(".bias")) {
                    assertThat(values).containsOnly(0);
                } else if (weight.kind() == DecoderWeights.Kind.NORM) {
                    assertThat(values).containsOnly(1);
                } else {
                    assertThat(Numbers.of(algebra, other.tensors().get(i).tensor()))
                            .isNotEqualTo(values);
                    double[] longer = Arrays.copyOf(drawn, drawn.length + values.length);
                    System.arraycopy(values, 0, longer, drawn.length, values.length);
                    drawn = longer;
                }
            }
            double mean = Arrays.stream(drawn).average().orElseThrow();
            double square = Arrays.stream(drawn).map(v -> v * v).average().orElseThrow();
            assertThat(drawn).hasSizeGreaterThan(1000);
            assertThat(Math.abs(mean)).isLessThan(4 * 0.02 / Math.sqrt(drawn.length));
            assertThat(Math.sqrt(square)).isBetween(0.019, 0.021);
        }
    }

    @Test
    void modulesBeginAsPyTorchDoes() throws IOException {
        Path config = Files.writeString(folder.resolve("config.json"), TinyModel.LLAMA_BIASED.config());
        DecoderConfig read = DecoderConfig.read(ConfigFile.read(config));
        try (DecoderWeights weights = new Initialisation.Modules().weights(algebra, read, DType.FLOAT64, 5)) {
            for (DecoderWeights.Weight weight : weights.tensors()) {
                double[] values = Numbers.of(algebra, weight.tensor());
                double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
                int inputs = weight.name().contains("down_proj") ? 14 : 12;
                if (weight.kind() == DecoderWeights.Kind.LINEAR || weight.kind() == DecoderWeights.Kind.HEAD) {
                    assertThat(largest).as(weight.name()).isBetween(0.6 / Math.sqrt(inputs), 1 / Math.sqrt(inputs));
                } else if (weight.kind() == DecoderWeights.Kind.EMBEDDING) {
                    assertThat(largest).isGreaterThan(2);
                }
            }
        }
        assertThat(Initialisation.parse(new Initialisation.Modules().text())).isEqualTo(new Initialisation.Modules());
        assertThat(Initialisation.parse(NORMAL.text())).isEqualTo(NORMAL);
    }
}
