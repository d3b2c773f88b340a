package dev.wellspring.store.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.store.arrow.StoreFileException;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Bm25FilesTest {
    private static final ScoreLayout LAYOUT = SampleRun.layout(DType.FLOAT64, 3);

    @TempDir
    private Path directory;

    private final List<ScoredDocument> documents = SampleRun.documents(9000, 3, 1);

    @BeforeEach
    void writeThreeShards() {
        SampleRun.write(directory, 0, LAYOUT, documents.subList(0, 5000));
        SampleRun.write(directory, 1, LAYOUT, List.of());
        SampleRun.write(directory, 2, LAYOUT, documents.subList(5000, 9000));
    }

    @Test
    void everyRowGetsTheScoreOfItsDocument() {
        SampleRun.addBm25(directory, 3);
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            assertThat(folder.hasBm25()).isTrue();
            assertThat(folder.column(RowValue.bm25(2)))
                    .containsExactly(IntStream.range(0, 9000)
                            .mapToDouble(d -> (float) SampleRun.bm25(2, d))
                            .toArray());
            Ranked<ScoreRow> best =
                    folder.top(2, 1, 1, RowValue.bm25(2), Tail.TOP).best().getFirst();
            assertThat(best.row().bm25()).isEqualTo(best.value()).isEqualTo((float) (100 / 7.0));
            assertThat(folder.verify()).isEmpty();
        }
    }

    @Test
    void arrowsOwnReaderReadsThem() throws IOException {
        SampleRun.addBm25(directory, 3);
        try (BufferAllocator allocator = new RootAllocator();
                FileChannel channel = FileChannel.open(directory.resolve("bm25-00002.arrow"));
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            var batch = reader.getVectorSchemaRoot();
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(batch.getSchema().getCustomMetadata())
                    .containsEntry("wellspring.format", "wellspring-bm25-scores")
                    .containsEntry("wellspring.version", "1")
                    .containsEntry("wellspring.run", LAYOUT.run());
            assertThat(batch.getRowCount()).isEqualTo(4000);
            for (int row = 0; row < 4000; row++) {
                ScoredDocument document = documents.get(5000 + row);
                assertThat(String.valueOf(((VarCharVector) batch.getVector("document")).getObject(row)))
                        .isEqualTo(document.document());
                assertThat(((IntVector) batch.getVector("part")).get(row)).isEqualTo(document.part());
                assertThat(((Float4Vector) batch.getVector("bm25:q1")).get(row))
                        .isEqualTo((float) SampleRun.bm25(1, 5000 + row));
            }
        }
    }

    @Test
    void aRunHasThemOnceEveryShardHas() throws IOException {
        SampleRun.addBm25(directory, 3);
        Files.delete(directory.resolve("bm25-00001.arrow"));
        try (ScoreFolder folder = ScoreFolder.open(directory);
                Bm25Files files = new Bm25Files(directory)) {
            assertThat(folder.hasBm25()).isFalse();
            assertThat(folder.column(RowValue.bm25(0))).containsOnly(Double.NaN);
            assertThat(IntStream.range(0, 3).mapToObj(files::isWhole)).containsExactly(true, false, true);
        }
    }

    @Test
    void scoresThatFailHalfwayLeaveNothing() {
        try (Bm25Files files = new Bm25Files(directory)) {
            assertThatThrownBy(() -> files.write(0, (from, some) -> {
                        if (from > 0) {
                            throw new IOException("no more");
                        }
                        return new double[3][some];
                    }))
                    .hasMessage("no more");
        }
        assertThat(directory).isDirectoryNotContaining("glob:**bm25*");
    }

    @Test
    void placesAreThoseOfSorting() {
        SampleRun.addBm25(directory, 3);
        double[] all = IntStream.range(0, 9000)
                .mapToDouble(d -> (float) SampleRun.bm25(0, d))
                .toArray();
        double[] asked = {all[17], all[1], 0, all[17], all[8000], 99};
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            long[] places = folder.places(RowValue.bm25(0), asked);
            for (int i = 0; i < asked.length; i++) {
                double value = asked[i];
                assertThat(places[i])
                        .isEqualTo(1
                                + IntStream.range(0, 9000)
                                        .filter(d -> all[d] > value)
                                        .count());
            }
        }
    }

    @Test
    void filesOfAnotherRunOrOfOtherRowsAreRefused() throws IOException {
        SampleRun.addBm25(directory, 3);
        Path file = directory.resolve("bm25-00000.arrow");
        Files.copy(directory.resolve("bm25-00001.arrow"), file, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> ScoreFolder.open(directory))
                .isInstanceOf(StoreFileException.class)
                .hasMessage(file + ": has other queries or rows than the scores beside it; delete the file and run"
                        + " wellspring baselines with --documents");
    }

    @Test
    void damageIsNamedWithItsRemedy() throws IOException {
        SampleRun.addBm25(directory, 3);
        Path file = directory.resolve("bm25-00002.arrow");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            assertThat(folder.verify())
                    .containsExactly(
                            file + ": batch 0 of 1 is damaged: its checksum does not match; delete the file and"
                                    + " run wellspring baselines with --documents");
        }
    }
}
