package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.linalg.AttentionMemory.Sizes;
import dev.wellspring.linalg.cuda.AttentionChunks.Chunk;
import dev.wellspring.linalg.cuda.AttentionChunks.Limits;
import dev.wellspring.linalg.cuda.AttentionChunks.Range;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AttentionChunksTest {
    @AutoClose
    private final ReferenceLinearAlgebra algebra = new ReferenceLinearAlgebra();

    @Test
    void documentsThatFitGoTogetherWithAllTheirHeads() {
        assertThat(AttentionChunks.of(Limits.USUAL, segments(511, 512, 505, 510, 511), 8, 4, 64))
                .containsExactly(whole(0, 4, 512), whole(4, 1, 512));
    }

    /// At least half of the scores are documents' own.
    @Test
    void shortDocumentsDoNotGoWithLongOnes() {
        assertThat(AttentionChunks.of(Limits.USUAL, segments(64, 0, 60, 8, 8), 8, 4, 64))
                .containsExactly(whole(0, 4, 64), whole(4, 1, 8));
    }

    private static Chunk whole(int first, int documents, int length) {
        return new Chunk(first, documents, length, new Range(0, 8), List.of(new Range(0, 32)));
    }

    @Test
    void aLongDocumentIsCutByKeyAndValueHeadsThenByQueryHeads() {
        var limits = new Limits(6 * 64, 1 << 20, 100);
        assertThat(AttentionChunks.of(limits, segments(8), 3, 3, 5))
                .containsExactly(
                        new Chunk(0, 1, 8, new Range(0, 2), List.of(new Range(0, 6))),
                        new Chunk(0, 1, 8, new Range(2, 1), List.of(new Range(6, 3))));
        assertThat(AttentionChunks.of(new Limits(128, 1 << 20, 100), segments(8), 2, 3, 5))
                .containsExactly(
                        new Chunk(0, 1, 8, new Range(0, 1), List.of(new Range(0, 2), new Range(2, 1))),
                        new Chunk(0, 1, 8, new Range(1, 1), List.of(new Range(3, 2), new Range(5, 1))));
        assertThat(AttentionChunks.of(new Limits(1, 1, 1), segments(8), 1, 2, 5))
                .containsExactly(new Chunk(0, 1, 8, new Range(0, 1), List.of(new Range(0, 1), new Range(1, 1))));
    }

    @Test
    void nothingIsLeftToDoWithoutRowsHeadsOrNumbers() {
        assertThat(AttentionChunks.of(Limits.USUAL, segments(0, 0), 2, 1, 4)).isEmpty();
        assertThat(AttentionChunks.of(Limits.USUAL, segments(3), 0, 0, 4)).isEmpty();
        assertThat(AttentionChunks.of(Limits.USUAL, segments(3), 2, 1, 0)).isEmpty();
    }

    /// Whatever the lengths: each row and head once, no more than the limits unless a single matrix is, and no more
    /// than was planned.
    @Test
    void everyHeadOfEveryDocumentIsInOneChunk() {
        Random random = new Random(5);
        for (int trial = 0; trial < 300; trial++) {
            int groups = random.nextInt(1, 4);
            int members = random.nextInt(1, 4);
            int width = random.nextInt(1, 30);
            int most = random.nextInt(1, 100);
            int[] lengths = random.ints(random.nextInt(1, 20), 0, most).toArray();
            var limits = new Limits(1L << random.nextInt(6, 18), 1L << random.nextInt(6, 14), random.nextInt(1, 9));
            Segments segments = segments(lengths);
            int[][] seen = new int[lengths.length][groups * members];
            var sizes = new Sizes(
                    segments.rows(), segments.longest(), (long) groups * members, groups, width, DType.BFLOAT16);
            for (Chunk chunk : AttentionChunks.of(limits, segments, groups, members, width)) {
                assertThat(chunk.products()).isLessThanOrEqualTo(limits.products());
                int together = 0;
                for (Range heads : chunk.queries()) {
                    long matrices = (long) chunk.documents() * heads.count();
                    long scores = matrices * chunk.length() * chunk.length();
                    long numbers = matrices * chunk.length() * AttentionChunks.filledUp(width);
                    assertThat(matrices == 1 || scores <= limits.scores()).isTrue();
                    assertThat(matrices == 1 || numbers <= limits.numbers()).isTrue();
                    assertThat(scores).isLessThanOrEqualTo(limits.mostScores(sizes));
                    assertThat(numbers).isLessThanOrEqualTo(limits.mostNumbers(sizes));
                    together += heads.count();
                    count(seen, chunk, heads);
                }
                assertThat(together).isEqualTo(chunk.groups().count() * members);
                assertThat(chunk.queries().getFirst().first())
                        .isEqualTo(chunk.groups().first() * members);
            }
            for (int document = 0; document < lengths.length; document++) {
                int least = lengths[document] == 0 ? 0 : 1;
                assertThat(Arrays.stream(seen[document])).allMatch(times -> times >= least && times <= 1);
            }
        }
    }

    private static void count(int[][] seen, Chunk chunk, Range heads) {
        for (int document = 0; document < chunk.documents(); document++) {
            for (int head = 0; head < heads.count(); head++) {
                seen[chunk.firstDocument() + document][heads.first() + head]++;
            }
        }
    }

    private Segments segments(int... lengths) {
        int[] offsets = new int[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            offsets[i + 1] = offsets[i] + lengths[i];
        }
        return new Segments(offsets, algebra.allocate(DType.INT32, offsets.length));
    }
}
