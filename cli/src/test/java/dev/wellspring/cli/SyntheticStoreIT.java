package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The store that `docs/performance/million-documents.sh` measures, small: thousands of documents in several batches.
class SyntheticStoreIT {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"INT8", "BFLOAT16", "FLOAT32"})
    void aSearchRanksDocumentsAsPlainLoopsDo(Precision precision) throws IOException {
        SyntheticStore store = SyntheticStore.make(folder, precision, 5);
        store.growTo(700);
        store.growTo(5000);
        Path run = folder.resolve("run");
        Commands.succeed(store.searching(run, "--keep", 50, "--progress", "off"));
        assertThat(PlainScores.compare(5000, run, List.of(0, 4), 50)).isLessThan(1e-5);
        assertThat(Commands.succeed("store", "verify", store.path(), "--progress", "off"))
                .contains("5000 documents, every checksum holds");
    }
}
