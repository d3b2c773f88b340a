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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The promise of version 1. `scores-v1.arrow` was written by release 0.1.0 from the ten documents of seed 42.
class ScoreFormatGoldenTest {
    private final List<ScoredDocument> documents = SampleRun.documents(10, 2, 42);

    @TempDir
    private Path directory;

    private Path golden() throws IOException {
        Path file = directory.resolve("golden.arrow");
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("scores-v1.arrow"))) {
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
}
