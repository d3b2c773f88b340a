package dev.wellspring.store.gradients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The promise of version 1. The files `gradients-v1-*.arrow` were written by release 0.1.0 from sample documents 0
/// to 9, `store-v1.json` from a store of two shards of them in int8: documents 0 to 9 and 10 to 14.
class GradientFormatGoldenTest {
    @TempDir
    private Path folder;

    private Path golden(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(name), name)) {
            Files.copy(in, file);
        }
        return file;
    }

    @ParameterizedTest
    @EnumSource
    void aShardOfVersionOneIsStillRead(Precision precision) throws IOException {
        GradientLayout layout = SampleGradients.layout(precision);
        try (GradientShardReader reader =
                GradientShardReader.open(golden("gradients-v1-" + precision.word() + ".arrow"))) {
            assertThat(reader.verify()).isEmpty();
            assertThat(reader.layout()).isEqualTo(layout);
            assertThat(SampleGradients.read(reader))
                    .isEqualTo(SampleGradients.parts(SampleGradients.rows(layout, 0, 10)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aShardOfVersionOneIsStillWrittenByteForByte(Precision precision) throws IOException {
        Path file = SampleGradients.write(folder, 0, SampleGradients.layout(precision), 0, 10);
        assertThat(file).hasSameBinaryContentAs(golden("gradients-v1-" + precision.word() + ".arrow"));
    }

    @Test
    void aSnapshotOfVersionOneIsStillReadAndWritten() throws IOException {
        GradientSnapshot written = SampleGradients.store(
                Files.createDirectory(folder.resolve("store")),
                SampleGradients.layout(Precision.INT8),
                List.of(),
                10,
                5);
        Path golden = golden("store-v1.json");
        assertThat(folder.resolve("store/store.json")).hasSameBinaryContentAs(golden);
        Files.createDirectory(folder.resolve("old"));
        Files.copy(golden, folder.resolve("old/store.json"));
        assertThat(GradientSnapshot.read(folder.resolve("old"))).isEqualTo(written);
    }
}
