package dev.wellspring.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RandomCaseTest {
    @TempDir
    private Path folder;

    @Test
    void aCheckpointHasEveryWeightOfItsShapeDrawnFromTheSpread() throws IOException {
        RandomCase.write(ModelShape.TOY, 1, 8, 1, folder);
        try (LinearAlgebra algebra = new ReferenceLinearAlgebra();
                Checkpoint checkpoint = Checkpoint.open(folder.resolve("model"));
                DecoderWeights weights = DecoderWeights.load(checkpoint, algebra, DType.FLOAT32)) {
            for (DecoderWeights.Weight weight : weights.tensors()) {
                double[] values = values(algebra, weight.tensor());
                if (weight.kind() == DecoderWeights.Kind.NORM) {
                    assertThat(values).as(weight.name()).containsOnly(1);
                } else {
                    double squares = Arrays.stream(values).map(x -> x * x).sum();
                    assertThat(Math.sqrt(squares / values.length))
                            .as(weight.name())
                            .isCloseTo(0.02, within(0.002));
                }
            }
        }
    }

    @Test
    void documentsAndQueriesHaveTheLengthsAskedFor() throws IOException {
        RandomCase.write(ModelShape.TOY, 3, 8, 2, folder);
        var mapper = new ObjectMapper();
        List<String> documents = Files.readAllLines(folder.resolve("documents.jsonl"));
        assertThat(documents).hasSize(3);
        for (String line : documents) {
            JsonNode tokens = mapper.readTree(line).get("tokens");
            assertThat(tokens)
                    .hasSize(8)
                    .allSatisfy(id -> assertThat(id.asInt()).isBetween(2, 383));
        }
        List<String> queries = Files.readAllLines(folder.resolve("queries.jsonl"));
        assertThat(queries).hasSize(2);
        JsonNode query = mapper.readTree(queries.getLast());
        assertThat(query.get("prompt_tokens").size()
                        + query.get("completion_tokens").size())
                .isEqualTo(RandomCase.QUERY_TOKENS);
    }

    @Test
    void theSameArgumentsGiveTheSameBytes() throws IOException {
        RandomCase.write(ModelShape.TOY, 3, 8, 2, folder.resolve("a"));
        RandomCase.write(ModelShape.TOY, 3, 8, 2, folder.resolve("b"));
        for (String file : List.of("model/model.safetensors", "documents.jsonl", "queries.jsonl", "case.json")) {
            assertThat(folder.resolve("a").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("b").resolve(file));
        }
    }

    private static double[] values(LinearAlgebra algebra, Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.elementCount())];
        algebra.download(tensor, MemorySegment.ofArray(values), DType.FLOAT64);
        return values;
    }
}
