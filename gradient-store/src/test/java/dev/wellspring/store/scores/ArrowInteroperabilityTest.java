package dev.wellspring.store.scores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Arrow's own reader reads what we write.
class ArrowInteroperabilityTest {
    @TempDir
    private Path directory;

    @FunctionalInterface
    private interface Check {
        void check(VectorSchemaRoot batch, int firstRow);
    }

    private int readAll(String name, Check check) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                FileChannel channel = FileChannel.open(directory.resolve(name));
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            int rows = 0;
            while (reader.loadNextBatch()) {
                check.check(root, rows);
                rows += root.getRowCount();
            }
            return rows;
        }
    }

    @Test
    void scoresAreReadByArrowsOwnReader() throws IOException {
        List<ScoredDocument> documents = SampleRun.documents(9000, 2, 1);
        SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT32, 2), documents);

        int rows = readAll("scores-00000.arrow", (batch, firstRow) -> {
            assertThat(batch.getSchema().getFields())
                    .extracting(Field::getName)
                    .containsExactly(
                            "document",
                            "part",
                            "source",
                            "tokens",
                            "loss",
                            "gradient_norm",
                            "preview",
                            "extras",
                            "score:q, \"0\" ü",
                            "score:q1");
            assertThat(batch.getSchema().getCustomMetadata())
                    .containsEntry("wellspring.format", "wellspring-scores")
                    .containsEntry("wellspring.version", "1")
                    .containsEntry("wellspring.queries", "[\"q, \\\"0\\\" ü\",\"q1\"]");
            for (int row = 0; row < batch.getRowCount(); row++) {
                requireSame(batch, row, documents.get(firstRow + row));
            }
        });
        assertThat(rows).isEqualTo(9000);
    }

    private static void requireSame(VectorSchemaRoot batch, int row, ScoredDocument expected) {
        VarCharVector source = (VarCharVector) batch.getVector("source");
        ScoredDocument found = new ScoredDocument(
                String.valueOf(((VarCharVector) batch.getVector("document")).getObject(row)),
                ((IntVector) batch.getVector("part")).get(row),
                source.isNull(row) ? null : String.valueOf(source.getObject(row)),
                ((IntVector) batch.getVector("tokens")).get(row),
                ((Float8Vector) batch.getVector("loss")).get(row),
                ((Float8Vector) batch.getVector("gradient_norm")).get(row),
                String.valueOf(((VarCharVector) batch.getVector("preview")).getObject(row)),
                String.valueOf(((VarCharVector) batch.getVector("extras")).getObject(row)),
                expected.scores());
        assertThat(found).isEqualTo(expected);
        assertThat((double) ((Float4Vector) batch.getVector("score:q1")).get(row))
                .isEqualTo(expected.scores()[1]);
    }

    @Test
    void anEmptyShardIsReadByArrowsOwnReader() throws IOException {
        SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT64, 2), List.of());
        assertThat(readAll("scores-00000.arrow", (_, _) -> {})).isZero();
    }

    @Test
    void tokenAndModuleScoresAreReadByArrowsOwnReader() throws IOException {
        List<ScoredDocument> documents = SampleRun.documents(5000, 1, 2);
        ScoreLayout layout = new ScoreLayout(List.of("q"), DType.FLOAT64, "run", true, List.of("m0", "m1", "m2"));
        try (ScoreShardWriter writer = new ScoreShardWriter(directory, 0, layout)) {
            for (ScoredDocument document : documents) {
                writer.write(document, new double[][] {tokens(document)}, modules(document));
            }
            writer.commit();
        }

        int tokenRows = readAll("tokens-00000.arrow", (batch, firstRow) -> {
            ListVector lists = (ListVector) batch.getVector("score:q");
            for (int row = 0; row < batch.getRowCount(); row++) {
                assertThat(lists.getObject(row)).isEqualTo(boxed(tokens(documents.get(firstRow + row))));
            }
        });
        int moduleRows = readAll("modules-00000.arrow", (batch, firstRow) -> {
            assertThat(batch.getSchema().getCustomMetadata())
                    .containsEntry("wellspring.modules", "[\"m0\",\"m1\",\"m2\"]");
            FixedSizeListVector lists = (FixedSizeListVector) batch.getVector("score:q");
            for (int row = 0; row < batch.getRowCount(); row++) {
                double score = documents.get(firstRow + row).scores()[0];
                assertThat(lists.getObject(row)).isEqualTo(List.of(score, 2 * score, 3 * score));
            }
        });
        assertThat(tokenRows).isEqualTo(5000);
        assertThat(moduleRows).isEqualTo(5000);
    }

    private static double[] tokens(ScoredDocument document) {
        double[] rows = new double[document.tokens() - 1];
        Arrays.setAll(rows, row -> document.scores()[0] * (row + 1));
        return rows;
    }

    private static double[][] modules(ScoredDocument document) {
        double score = document.scores()[0];
        return new double[][] {{score}, {2 * score}, {3 * score}};
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
