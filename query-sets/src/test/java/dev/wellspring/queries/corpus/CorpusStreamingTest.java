package dev.wellspring.queries.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusStreamingTest {
    private static final int LINES = 200_000;
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void aLongFileIsReadInConstantMemory() throws IOException {
        Path file = folder.resolve("long.jsonl");
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < LINES; i++) {
                writer.write("{\"id\": \"d" + i + "\", \"text\": \"" + "word ".repeat(80) + "\"}\n");
            }
        }
        assertThat(Files.size(file)).isGreaterThan(80 * MEBIBYTE);
        long before = usedHeap();
        long most = 0;
        int count = 0;
        try (DocumentReader reader = Corpus.of(List.of(file)).open()) {
            while (reader.hasNext()) {
                assertThat(reader.next().id()).isEqualTo("d" + count);
                count++;
                if (count % 50_000 == 0) {
                    most = Math.max(most, usedHeap() - before);
                }
            }
        }
        assertThat(count).isEqualTo(LINES);
        assertThat(most).as("heap held while reading").isLessThan(16 * MEBIBYTE);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
