package dev.wellspring.store.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.rank.TopK;
import dev.wellspring.store.arrow.StoreFileException;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreFolderTest {
    private static final ScoreLayout LAYOUT = SampleRun.layout(DType.FLOAT32, 3);

    @TempDir
    private Path directory;

    private final List<ScoredDocument> documents = new ArrayList<>();

    /// Three shards; the middle one is empty.
    private void writeShards() {
        documents.addAll(SampleRun.documents(9000, 3, 1));
        SampleRun.write(directory, 0, LAYOUT, documents.subList(0, 5000));
        SampleRun.write(directory, 1, LAYOUT, List.of());
        SampleRun.write(directory, 2, LAYOUT, documents.subList(5000, 9000));
    }

    private List<String> sortedIds(Comparator<ScoredDocument> order, int k) {
        return documents.stream()
                .sorted(order.thenComparing(ScoredDocument::document).thenComparing(ScoredDocument::part))
                .limit(k)
                .map(d -> d.document() + "#" + d.part())
                .toList();
    }

    private static List<String> ids(TopK<ScoreRow> top) {
        return top.best().stream()
                .map(r -> r.row().document() + "#" + r.row().part())
                .toList();
    }

    @Test
    void batchesComeInTheOrderOfTheShards() {
        writeShards();
        List<String> ids = new ArrayList<>();
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            folder.forEachBatch(batch -> {
                for (int row = 0; row < batch.rowCount(); row++) {
                    ids.add(batch.document(row));
                }
            });
            assertThat(folder.shardCount()).isEqualTo(3);
            assertThat(folder.rowCount()).isEqualTo(9000);
            assertThat(folder.verify()).isEmpty();
        }
        assertThat(ids)
                .isEqualTo(documents.stream().map(ScoredDocument::document).toList());
    }

    @Test
    void topIsWhatSortingAllShardsGives() {
        writeShards();
        Comparator<ScoredDocument> byScore = Comparator.comparingDouble(d -> d.scores()[1]);
        Comparator<ScoredDocument> byNorm = Comparator.comparingDouble(d -> d.scores()[1] / 2.5 / d.gradientNorm());
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            int query = folder.query("q1");
            assertThat(ids(folder.top(query, 2.5, 50, Normalisation.RAW, Tail.TOP)))
                    .isEqualTo(sortedIds(byScore.reversed(), 50));
            assertThat(ids(folder.top(query, 2.5, 50, Normalisation.NAT, Tail.BOTTOM)))
                    .isEqualTo(sortedIds(byScore, 50));
            assertThat(ids(folder.top(query, 2.5, 50, Normalisation.NORMALISED, Tail.TOP)))
                    .isEqualTo(sortedIds(byNorm.reversed(), 50));
        }
    }

    @Test
    void aRankedRowKnowsItsDocumentAndAllItsScores() {
        writeShards();
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            Ranked<ScoreRow> best =
                    folder.top(0, 4, 1, Normalisation.NAT, Tail.TOP).best().getFirst();
            ScoreRow row = best.row();
            ScoredDocument document = documents.get((int) row.index() + (row.shard() == 2 ? 5000 : 0));
            double raw = document.scores()[0];
            assertThat(row)
                    .isEqualTo(new ScoreRow(
                            document.document(),
                            document.part(),
                            document.source(),
                            document.tokens(),
                            document.loss(),
                            document.gradientNorm(),
                            document.preview(),
                            document.extras(),
                            raw,
                            raw / 4,
                            raw / 4 / document.gradientNorm(),
                            Double.NaN,
                            row.shard(),
                            row.index()));
            assertThat(best.value()).isEqualTo(raw / 4);
        }
    }

    @Test
    void tokenAndModuleScoresAreFoundByRow() {
        ScoreLayout layout = new ScoreLayout(SampleRun.queries(2), DType.FLOAT64, "run", true, List.of("up", "down"));
        documents.addAll(SampleRun.documents(6000, 2, 3));
        for (int shard = 0; shard < 2; shard++) {
            try (ScoreShardWriter writer = new ScoreShardWriter(directory, shard, layout)) {
                for (ScoredDocument document : documents.subList(shard * 5000, shard == 0 ? 5000 : 6000)) {
                    writer.write(document, tokenScores(document), moduleScores(document));
                }
                writer.commit();
            }
        }

        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            assertThat(folder.layout()).isEqualTo(layout);
            assertThat(folder.verify()).isEmpty();
            for (Tail tail : Tail.values()) {
                for (Ranked<ScoreRow> ranked :
                        folder.top(1, 1, 5, Normalisation.RAW, tail).best()) {
                    ScoreRow row = ranked.row();
                    ScoredDocument document = documents.get(5000 * row.shard() + (int) row.index());
                    assertThat(folder.tokenScores(row, 1)).containsExactly(tokenScores(document)[1]);
                    assertThat(folder.moduleScores(row, 1)).containsExactly(row.raw() * 0.25, row.raw() * 0.75);
                }
            }
        }
    }

    /// (queries, rows), differently for each row.
    private static double[][] tokenScores(ScoredDocument document) {
        return Arrays.stream(document.scores())
                .mapToObj(score -> {
                    double[] rows = new double[document.tokens() - 1];
                    Arrays.setAll(rows, row -> score * (row + 1));
                    return rows;
                })
                .toArray(double[][]::new);
    }

    /// (modules, queries): a quarter and three quarters.
    private static double[][] moduleScores(ScoredDocument document) {
        return new double[][] {
            Arrays.stream(document.scores()).map(score -> score * 0.25).toArray(),
            Arrays.stream(document.scores()).map(score -> score * 0.75).toArray()
        };
    }

    @Test
    void aRunWithoutSharesHasNone() {
        writeShards();
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            ScoreRow row = folder.top(0, 1, 1, Normalisation.RAW, Tail.TOP)
                    .best()
                    .getFirst()
                    .row();
            assertThat(folder.tokenScores(row, 0)).isNull();
            assertThat(folder.moduleScores(row, 0)).isNull();
        }
    }

    @Test
    void unfinishedShardsAreIgnored() throws IOException {
        writeShards();
        Files.write(directory.resolve("scores-00003.arrow.part"), new byte[1000]);
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            assertThat(folder.shardCount()).isEqualTo(3);
        }
    }

    @Test
    void aGapAmongTheShardsIsNamed() throws IOException {
        writeShards();
        Files.delete(directory.resolve("scores-00001.arrow"));
        assertThatThrownBy(() -> ScoreFolder.open(directory))
                .isInstanceOf(StoreFileException.class)
                .message()
                .startsWith(directory.resolve("scores-00001.arrow") + ": is missing");
    }

    @Test
    void shardsOfTwoRunsAreNotMixed() {
        writeShards();
        SampleRun.write(directory, 3, new ScoreLayout(LAYOUT.queries(), DType.FLOAT32, "another run"), List.of());
        assertThatThrownBy(() -> ScoreFolder.open(directory))
                .isInstanceOf(StoreFileException.class)
                .message()
                .startsWith(directory.resolve("scores-00003.arrow") + ": belongs to another run");
    }

    @Test
    void aFolderWithoutScoresSaysWhatIsMissing() {
        assertThatThrownBy(() -> ScoreFolder.open(directory))
                .hasMessage(
                        directory + ": holds no scores-00000.arrow; give a folder that wellspring score has written");
        assertThatThrownBy(() -> ScoreFolder.open(directory.resolve("missing"))).isInstanceOf(StoreFileException.class);
    }

    @Test
    void anUnknownQueryIsAnsweredWithTheKnownOnes() {
        writeShards();
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            assertThatThrownBy(() -> folder.query("q9"))
                    .hasMessage(directory + ": has no query \"q9\"; it has q, \"0\" ü, q1, q2");
        }
    }

    @Test
    void verifyListsEveryDamagedFile() throws IOException {
        writeShards();
        for (String name : List.of("scores-00000.arrow", "scores-00002.arrow")) {
            byte[] bytes = Files.readAllBytes(directory.resolve(name));
            bytes[bytes.length / 2] ^= 1;
            Files.write(directory.resolve(name), bytes);
        }
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            assertThat(folder.verify()).hasSize(2);
            assertThat(folder.verify().getLast()).contains("scores-00002.arrow: batch 0 of 1 is damaged");
        }
    }
}
