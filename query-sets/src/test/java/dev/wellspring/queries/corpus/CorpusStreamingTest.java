package dev.wellspring.queries.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorpusStreamingTest {
    private static final int LINES = 200_000;
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '`', textBlock = """
            long.jsonl § ``      § {"id": "d%d", "text": "%s"}
            long.csv   § id,text § d%d,"%s"
            """)
    void aLongFileIsReadInConstantMemory(String name, String header, String row) throws IOException {
        Path file = folder.resolve(name);
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write(header + "\n");
            for (int i = 0; i < LINES; i++) {
                writer.write(row.formatted(i, "word ".repeat(90)) + "\n");
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
