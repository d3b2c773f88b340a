package dev.wellspring.store.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreShardTest {
    @TempDir
    private Path directory;

    private Path shard() {
        return directory.resolve("scores-00000.arrow");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /// 4,096 rows make a batch.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 4095, 4096, 4097, 10_000})
    void whatIsWrittenIsRead(int count) {
        List<ScoredDocument> documents = SampleRun.documents(count, 3, count);
        SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT64, 3), documents);

        try (ScoreShardReader reader = ScoreShardReader.open(shard())) {
            assertThat(reader.rowCount()).isEqualTo(count);
            assertThat(reader.batchCount()).isEqualTo(Math.ceilDiv(count, 4096));
            assertThat(reader.layout()).isEqualTo(SampleRun.layout(DType.FLOAT64, 3));
            assertThat(SampleRun.values(SampleRun.read(reader))).isEqualTo(SampleRun.values(documents));
        }
        ScoreShardReader.verify(shard());
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void scoresAreAlignedViewsOfTheMappedFile(DType dtype) {
        List<ScoredDocument> documents = SampleRun.documents(5000, 2, 1);
        SampleRun.write(directory, 0, SampleRun.layout(dtype, 2), documents);

        try (ScoreShardReader reader = ScoreShardReader.open(shard())) {
            ScoreBatch second = reader.batch(1);
            MemorySegment scores = second.scores(1);
            assertThat(second.firstRow()).isEqualTo(4096);
            assertThat(scores.isMapped()).isTrue();
            assertThat(scores.isReadOnly()).isTrue();
            assertThat(scores.address() % 64).isZero();
            assertThat(scores.byteSize()).isEqualTo((5000L - 4096) * dtype.byteSize());
            double last = dtype == DType.FLOAT32
                    ? scores.getAtIndex(ValueLayout.JAVA_FLOAT, 903)
                    : scores.getAtIndex(ValueLayout.JAVA_DOUBLE, 903);
            assertThat(last).isEqualTo(documents.getLast().scores()[1]);
        }
    }

    @Test
    void scoresThatAreNoNumbersSurvive() {
        double[] scores = {Double.NaN, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE};
        ScoredDocument document = new ScoredDocument("d", 0, null, 2, 0, 0, "", "{}", scores);
        SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT64, 4), List.of(document));

        try (ScoreShardReader reader = ScoreShardReader.open(shard())) {
            assertThat(reader.batch(0).read(0).scores()).containsExactly(scores);
        }
    }

    @Test
    void aBatchEndsEarlyWhenItsStringsAreLarge() {
        String extras = "x".repeat(40 << 20);
        List<ScoredDocument> documents = Stream.of("a", "b", "c")
                .map(id -> new ScoredDocument(id, 0, null, 2, 0, 0, "", extras, new double[1]))
                .toList();
        SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT32, 1), documents);

        try (ScoreShardReader reader = ScoreShardReader.open(shard())) {
            assertThat(reader.batchCount()).isEqualTo(2);
            assertThat(reader.batch(1).firstRow()).isEqualTo(2);
            assertThat(reader.batch(1).extras(0)).isEqualTo(extras);
        }
    }

    @Test
    void theSameDocumentsGiveTheSameBytes() throws IOException {
        List<ScoredDocument> documents = SampleRun.documents(5000, 3, 4);
        SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT32, 3), documents);
        SampleRun.write(directory, 1, SampleRun.layout(DType.FLOAT32, 3), documents);
        assertThat(directory.resolve("scores-00001.arrow")).hasSameBinaryContentAs(shard());
    }

    @Test
    void closingWithoutCommitLeavesNothing() throws IOException {
        try (ScoreShardWriter writer = new ScoreShardWriter(directory, 0, SampleRun.layout(DType.FLOAT32, 3))) {
            SampleRun.documents(5000, 3, 5).forEach(writer::write);
            assertThat(names()).containsExactly("scores-00000.arrow.part");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void closingWithoutCommitKeepsTheShardThatWasThere() throws IOException {
        List<ScoredDocument> documents = SampleRun.documents(10, 3, 5);
        SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT32, 3), documents);
        byte[] before = Files.readAllBytes(shard());

        try (ScoreShardWriter writer = new ScoreShardWriter(directory, 0, SampleRun.layout(DType.FLOAT32, 3))) {
            writer.write(documents.getFirst());
        }
        assertThat(shard()).hasBinaryContent(before);
    }

    @Test
    void aPartLeftByAKilledProcessIsReplaced() throws IOException {
        Files.write(directory.resolve("scores-00000.arrow.part"), new byte[100_000]);
        SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT32, 3), SampleRun.documents(10, 3, 6));

        assertThat(names()).containsExactly("scores-00000.arrow");
        ScoreShardReader.verify(shard());
    }

    @Test
    void aMappedShardCanBeReadWhileItIsReplaced() {
        List<ScoredDocument> first = SampleRun.documents(5000, 3, 7);
        List<ScoredDocument> second = SampleRun.documents(20, 3, 8);
        SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT32, 3), first);

        try (ScoreShardReader old = ScoreShardReader.open(shard())) {
            SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT32, 3), second);
            try (ScoreShardReader replaced = ScoreShardReader.open(shard())) {
                assertThat(SampleRun.values(SampleRun.read(old))).isEqualTo(SampleRun.values(first));
                assertThat(SampleRun.values(SampleRun.read(replaced))).isEqualTo(SampleRun.values(second));
            }
        }
    }

    @Test
    void aClosedReaderCannotBeRead() {
        SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT32, 1), SampleRun.documents(10, 1, 9));
        ScoreShardReader reader = ScoreShardReader.open(shard());
        ScoreBatch batch = reader.batch(0);
        reader.close();
        reader.close();
        assertThatThrownBy(() -> batch.score(0, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDocumentThatDoesNotFitTheLayoutIsRefused() {
        ScoredDocument document = SampleRun.documents(1, 2, 1).getFirst();
        try (ScoreShardWriter writer = new ScoreShardWriter(directory, 0, SampleRun.layout(DType.FLOAT32, 3))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.write(document))
                    .withMessage("scores: expected 3, got 2");
        }
    }

    @Test
    void aLayoutNeedsDifferentQueriesAndAFloatingType() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScoreLayout(List.of("a", "b", "a"), DType.FLOAT32, "run"))
                .withMessage("queries: expected different ids, got \"a\" twice");
        assertThatIllegalArgumentException().isThrownBy(() -> new ScoreLayout(List.of(), DType.FLOAT32, "run"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ScoreLayout(List.of("a"), DType.BFLOAT16, "run"));
    }
}
