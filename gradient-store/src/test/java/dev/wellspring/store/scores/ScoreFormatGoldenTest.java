package dev.wellspring.store.scores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The promise of version 1. `scores-v1.arrow` was written by release 0.1.0 from the ten documents of seed 42,
/// `bm25-v1.arrow` beside it by a later build of that release.
class ScoreFormatGoldenTest {
    private final List<ScoredDocument> documents = SampleRun.documents(10, 2, 42);

    @TempDir
    private Path directory;

    private Path golden() throws IOException {
        return golden("scores-v1.arrow", "golden.arrow");
    }

    private Path golden(String resource, String name) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(resource))) {
            Files.copy(in, file);
        }
        return file;
    }

    @Test
    void aShardOfVersionOneIsStillRead() throws IOException {
        Path golden = golden();
        ScoreShardReader.verify(golden);
        try (ScoreShardReader reader = ScoreShardReader.open(golden)) {
            assertThat(reader.layout()).isEqualTo(SampleRun.layout(DType.FLOAT32, 2));
            assertThat(SampleRun.values(SampleRun.read(reader))).isEqualTo(SampleRun.values(documents));
        }
    }

    @Test
    void aShardOfVersionOneIsStillWrittenByteForByte() throws IOException {
        SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT32, 2), documents);
        assertThat(directory.resolve("scores-00000.arrow")).hasSameBinaryContentAs(golden());
    }

    @Test
    void bm25ScoresOfVersionOneAreStillReadAndWrittenByteForByte() throws IOException {
        SampleRun.write(directory, 0, SampleRun.layout(DType.FLOAT32, 2), documents);
        Path file = golden("bm25-v1.arrow", "bm25-00000.arrow");
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            assertThat(folder.verify()).isEmpty();
            assertThat(folder.column(RowValue.bm25(1)))
                    .containsExactly(IntStream.range(0, 10)
                            .mapToDouble(d -> (float) SampleRun.bm25(1, d))
                            .toArray());
        }
        Path golden = Files.move(file, directory.resolve("golden-bm25.arrow"));
        SampleRun.addBm25(directory, 2);
        assertThat(file).hasSameBinaryContentAs(golden);
    }
}
