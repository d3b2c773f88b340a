package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Bm25Test {
    @TempDir
    private Path folder;

    /// Two of three documents have token 7: idf = ln(1 + 1.5/2.5); the first has it twice among its 4 tokens, where
    /// the mean is 3, so 2 / (2 + 1.2·(0.25 + 0.75·4/3)) = 2/3.5.
    @Test
    void scoresAreThoseOfTheFormulaByHand() throws IOException {
        List<int[]> documents = List.of(new int[] {7, 1, 7, 2}, new int[] {3, 4, 5}, new int[] {7, 4});
        try (Bm25 index = Bm25.of(documents)) {
            double[] scores = index.scores(List.of(new int[] {7}))[0];
            double idf = Math.log(1.6);
            assertThat(scores)
                    .containsExactly(
                            new double[] {idf * 2 / 3.5, 0, idf / (1 + 1.2 * (0.25 + 0.75 * 2 / 3))}, within(1e-7));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 40", "38, 44", "41, 700"})
    void scoresAreThoseOfAPlainSecondImplementation(int shortest, int longest) throws IOException {
        List<int[]> documents = sequences(300, shortest, longest, 1);
        List<int[]> queries = sequences(5, 0, 60, 2);
        try (Bm25 index = Bm25.of(documents)) {
            double[][] scores = index.scores(queries);
            for (int q = 0; q < queries.size(); q++) {
                double[] expected = new PlainBm25(documents).scores(queries.get(q));
                double largest = Arrays.stream(expected).max().orElseThrow();
                assertThat(scores[q]).containsExactly(expected, within(1e-6 * largest));
            }
            assertThat(Arrays.stream(scores[4]).filter(score -> score > 0).count())
                    .isGreaterThan(100);
        }
    }

    @Test
    void aDocumentThatHasNoneOfTheQuerysTokensScoresZero() throws IOException {
        try (Bm25 index = Bm25.of(List.of(new int[] {1, 2}, new int[] {}, new int[] {3}))) {
            assertThat(index.documents()).isEqualTo(3);
            assertThat(index.scores(List.of(new int[] {3, 9}, new int[] {9}, new int[] {})))
                    .satisfies(scores -> assertThat(scores[0][0]).isZero())
                    .satisfies(scores -> assertThat(scores[0][1]).isZero())
                    .satisfies(scores -> assertThat(scores[0][2]).isPositive())
                    .satisfies(scores -> assertThat(scores[1]).containsOnly(0))
                    .satisfies(scores -> assertThat(scores[2]).containsOnly(0));
        }
    }

    @Test
    void withoutDocumentsOrWithoutTokensThereAreOnlyZeros() throws IOException {
        try (Bm25 none = Bm25.of(List.of());
                Bm25 empty = Bm25.of(List.of(new int[0], new int[0]))) {
            assertThat(none.scores(List.of(new int[] {1}))[0]).isEmpty();
            assertThat(empty.scores(List.of(new int[] {1}))[0]).containsExactly(0, 0);
        }
    }

    /// Small parts of an index, of which some are merged, in memory and on disk.
    @Test
    void scoresDependNeitherOnWhereTheIndexLiesNorOnWhichDocumentsAreAskedFor() throws IOException {
        List<int[]> documents = sequences(30_000, 2, 300, 3);
        List<int[]> queries = sequences(7, 1, 40, 4);
        try (Bm25 inMemory = Bm25.of(documents);
                Bm25 onDisk = onDisk(documents)) {
            double[][] all = inMemory.scores(queries);
            assertThat(onDisk.scores(queries)).isDeepEqualTo(all);
            DocumentScores prepared = onDisk.queries(queries);
            for (int from : new int[] {0, 1, 127, 4096, 29_990}) {
                double[][] some = prepared.scores(from, 10);
                for (int q = 0; q < queries.size(); q++) {
                    assertThat(some[q]).containsExactly(Arrays.copyOfRange(all[q], from, from + 10));
                }
            }
            assertThat(inMemory.scores(queries.subList(2, 3))[0]).containsExactly(all[2]);
        }
        assertThat(Files.exists(folder.resolve("write.lock"))).isFalse();
    }

    @Test
    void documentsBeyondTheLastAreRefused() throws IOException {
        try (Bm25 index = Bm25.of(List.of(new int[] {1, 2}))) {
            DocumentScores scores = index.queries(List.of(new int[] {1}));
            assertThatThrownBy(() -> scores.scores(1, 1)).hasMessageContaining("expected a part of 1 documents");
        }
    }

    @Test
    void aWriterThatDoesNotFinishLeavesNoIndex() throws IOException {
        try (Bm25Writer writer = Bm25Writer.onDisk(folder)) {
            writer.add(new int[] {1, 2, 3});
        }
        assertThat(folder).isEmptyDirectory();
    }

    private Bm25 onDisk(List<int[]> documents) throws IOException {
        try (Bm25Writer discarded = Bm25Writer.onDisk(folder)) {
            discarded.add(new int[] {1});
            discarded.finish().close();
        }
        try (Bm25Writer writer = Bm25Writer.onDisk(folder)) {
            for (int[] tokens : documents) {
                writer.add(tokens);
            }
            return writer.finish();
        }
    }

    /// Token ids as text has them: a few everywhere, most of them rare, up to what 4 bytes hold.
    private static List<int[]> sequences(int count, int shortest, int longest, long seed) {
        var random = new SplittableRandom(seed);
        List<int[]> sequences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sequences.add(random.ints(random.nextInt(shortest, longest + 1), 0, 1000)
                    .map(id -> id < 900 ? id * id / 20_000 : id * 2_000_000)
                    .toArray());
        }
        return sequences;
    }
}
