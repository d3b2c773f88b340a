package dev.wellspring.store.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.store.arrow.ArrowSchema;
import dev.wellspring.store.arrow.ArrowWriter;
import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.store.arrow.StoreFileException;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreFileDamageTest {
    private static final ScoreLayout LAYOUT = SampleRun.layout(DType.FLOAT32, 2);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameTheShard() {
        file = directory.resolve("scores-00000.arrow");
    }

    @Test
    void aFlippedByteIsFoundWhereverItIs() throws IOException {
        SampleRun.write(directory, 0, LAYOUT, SampleRun.documents(2, 2, 1));
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i += i < 64 || i >= whole.length - 64 ? 1 : 5) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x10;
            Files.write(file, damaged);
            assertThatExceptionOfType(StoreFileException.class)
                    .as("byte " + i)
                    .isThrownBy(() -> ScoreShardReader.verify(file))
                    .withMessageContaining(file.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void verifyNamesTheDamagedBatch(int batch) throws IOException {
        List<ScoredDocument> documents = SampleRun.documents(3 * 4096, 2, 2);
        SampleRun.write(directory, 0, LAYOUT, documents);
        byte[] bytes = Files.readAllBytes(file);
        // The id of a row in the middle of the batch stands in its body and nowhere else.
        byte[] id = documents.get(batch * 4096 + 2001 + batch).document().getBytes(StandardCharsets.UTF_8);
        bytes[indexOf(bytes, id)] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> ScoreShardReader.verify(file))
                .isInstanceOf(StoreFileException.class)
                .hasMessage(file + ": batch " + batch + " of 3 is damaged: its checksum does not match; "
                        + "delete the file and run the score again");
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 0; i <= bytes.length - wanted.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError("not in the file: " + Arrays.toString(wanted));
    }

    @Test
    void aTruncatedFileIsNamedInOneLine() throws IOException {
        SampleRun.write(directory, 0, LAYOUT, SampleRun.documents(100, 2, 3));
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 5, 63, 64, 1000, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ScoreShardReader.open(file))
                    .isInstanceOf(StoreFileException.class)
                    .message()
                    .startsWith(file.toString())
                    .contains(length + " bytes")
                    .doesNotContain("\n");
        }
    }

    @Test
    void somethingElseIsNotAScoreFile() throws IOException {
        Files.writeString(file, "query,document\n".repeat(100));
        assertThatThrownBy(() -> ScoreShardReader.open(file)).hasMessageContaining("is not a score file");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> ScoreShardReader.open(file)).hasMessage(file + ": does not exist");
    }

    @Test
    void anotherVersionIsRefusedByName() {
        ArrowSchema schema = ShardFormat.SCORES.schema(LAYOUT);
        schema.metadata().put("wellspring.version", "2");
        try (ArrowWriter writer = new ArrowWriter(file, schema)) {
            writer.commit();
        }
        assertThatThrownBy(() -> ScoreShardReader.open(file))
                .hasMessage(file + ": expected format wellspring-scores version 1, found wellspring-scores version 2; "
                        + "read it with the release that wrote it");
    }

    @Test
    void aFullDiskIsNamed() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "only Linux has a device that is always full");
        Path part = Files.createSymbolicLink(PartFile.part(file), full);

        try (ScoreShardWriter writer = new ScoreShardWriter(directory, 0, LAYOUT)) {
            writer.write(SampleRun.documents(1, 2, 1).getFirst());
            assertThatThrownBy(writer::commit)
                    .isInstanceOf(StoreFileException.class)
                    .message()
                    .startsWith(part + ": cannot be written (No space left on device); make room");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aMissingDirectoryIsNamed() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> new ScoreShardWriter(missing, 0, LAYOUT))
                .isInstanceOf(StoreFileException.class)
                .message()
                .startsWith(missing.resolve("scores-00000.arrow.part").toString());
    }
}
