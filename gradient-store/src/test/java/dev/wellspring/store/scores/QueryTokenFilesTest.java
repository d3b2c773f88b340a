package dev.wellspring.store.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.run.score.TailDocument;
import dev.wellspring.store.arrow.StoreFileException;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryTokenFilesTest {
    private static final ScoreLayout LAYOUT = SampleRun.layout(DType.FLOAT64, 2);
    private static final int ENDS = 5;
    private static final List<QueryPieces> PIECES = List.of(
            new QueryPieces(LAYOUT.queries().get(0), List.of("<s>", "one", " and"), List.of(" two")),
            new QueryPieces(LAYOUT.queries().get(1), List.of("東", ""), List.of("京", "🙂")));

    @TempDir
    private Path directory;

    private final List<ScoredDocument> documents = SampleRun.documents(300, 2, 1);

    @BeforeEach
    void writeTwoShards() throws IOException {
        SampleRun.write(directory, 0, LAYOUT, documents.subList(0, 100));
        SampleRun.write(directory, 1, LAYOUT, documents.subList(100, 300));
        Files.write(
                directory.resolve(ScoredQuery.FILE),
                ScoredQuery.toBytes(LAYOUT.queries().stream()
                        .map(id -> new ScoredQuery(id, "factual", "", "", "", 1, 2.5, 0, NullNode.getInstance()))
                        .toList()));
    }

    @Test
    void theDocumentsAreThoseAtTheEndsOfBothRankings() {
        try (var files = new QueryTokenFiles(directory, ENDS, PIECES)) {
            List<TailDocument> found = files.documents();
            assertThat(found).isSortedAccordingTo(Comparator.comparingLong(TailDocument::place));
            for (int q = 0; q < 2; q++) {
                int query = q;
                Set<Integer> expected = new TreeSet<>();
                expected.addAll(ends(d -> d.scores()[query]));
                expected.addAll(ends(d -> d.scores()[query] / d.gradientNorm()));
                assertThat(found.stream()
                                .filter(one -> IntStream.of(one.queries()).anyMatch(of -> of == query))
                                .map(one -> (int) one.place()))
                        .containsExactlyElementsOf(expected);
            }
            assertThat(found)
                    .allSatisfy(one -> assertThat(one.document())
                            .isEqualTo(documents.get((int) one.place()).document()));
        }
    }

    private List<Integer> ends(ToDoubleFunction<ScoredDocument> by) {
        List<Integer> sorted = IntStream.range(0, documents.size())
                .boxed()
                .sorted(Comparator.comparingDouble(d -> by.applyAsDouble(documents.get(d))))
                .toList();
        return IntStream.range(0, 2 * ENDS)
                .mapToObj(i -> sorted.get(i < ENDS ? i : sorted.size() - 1 - (i - ENDS)))
                .toList();
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        assertThat(QueryTokenScores.read(directory, LAYOUT).isEmpty()).isTrue();
        write();
        QueryTokenScores read = QueryTokenScores.read(directory, LAYOUT);
        assertThat(read.ends()).isEqualTo(ENDS);
        assertThat(read.pieces(1)).isEqualTo(PIECES.get(1));
        assertThat(read.of("b", 3, 0)).containsExactly(0.5, -1, 2);
        assertThat(read.of("b", 3, 1)).containsExactly(4, 0, 0.25);
        assertThat(read.of("b", 2, 1)).isNull();
        assertThat(read.of("a", 0, 0)).isNull();
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            assertThat(folder.verify()).isEmpty();
        }
    }

    @Test
    void arrowsOwnReaderReadsThem() throws IOException {
        write();
        try (BufferAllocator allocator = new RootAllocator();
                FileChannel channel = FileChannel.open(directory.resolve("query-tokens-00000.arrow"));
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            assertThat(reader.loadNextBatch()).isTrue();
            var batch = reader.getVectorSchemaRoot();
            assertThat(batch.getSchema().getCustomMetadata())
                    .containsEntry("wellspring.format", "wellspring-query-token-scores")
                    .containsEntry("wellspring.run", LAYOUT.run())
                    .containsEntry("wellspring.ends", "5");
            assertThat(batch.getRowCount()).isEqualTo(3);
            assertThat(((IntVector) batch.getVector("query")).get(2)).isEqualTo(1);
            List<?> last = ((ListVector) batch.getVector("scores")).getObject(2);
            assertThat(List.<Object>copyOf(last)).containsExactly(4f, 0f, 0.25f);
        }
    }

    @Test
    void aShardOfFewerDocumentsIsNotWhole() throws IOException {
        write();
        try (var same = new QueryTokenFiles(directory, ENDS, PIECES);
                var more = new QueryTokenFiles(directory, ENDS + 1, PIECES)) {
            assertThat(same.isWhole(0)).isTrue();
            assertThat(same.isWhole(1)).isFalse();
            assertThat(more.isWhole(0)).isFalse();
        }
    }

    @Test
    void filesOfAnotherRunAndDamageAreRefused() throws IOException {
        write();
        Path file = directory.resolve("query-tokens-00000.arrow");
        assertThatThrownBy(() -> QueryTokenScores.read(
                        directory, new ScoreLayout(LAYOUT.queries(), DType.FLOAT64, "another run")))
                .isInstanceOf(StoreFileException.class)
                .hasMessageStartingWith(file + ": belongs to another run");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            assertThat(folder.verify()).singleElement().asString().contains(file.toString(), "--query-token-scores");
        }
    }

    /// Two documents, one of them for both queries.
    private void write() throws IOException {
        try (var files = new QueryTokenFiles(directory, ENDS, PIECES)) {
            files.write(
                    0,
                    List.of(new TailDocument(3, "a", 0, new int[] {1}), new TailDocument(7, "b", 3, new int[] {0, 1})),
                    new double[][][] {{{1, 2, 3}}, {{0.5, -1, 2}, {4, 0, 0.25}}});
        }
    }
}
