package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.rank.Tail;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstDocumentsTest {
    /// Scores are a few whole numbers, so that most are tied.
    @ParameterizedTest
    @CsvSource({"1, TOP", "7, TOP", "7, BOTTOM", "64, TOP", "300, BOTTOM", "500, TOP"})
    void whatIsKeptIsTheBeginningOfASortedList(int k, Tail tail) {
        double[] scores =
                new SplittableRandom(k).ints(300, -9, 10).mapToDouble(x -> x).toArray();
        scores[5] = Double.NaN;
        scores[6] = -0.0;
        var first = new FirstDocuments(k, tail);
        for (int d = 0; d < scores.length; d++) {
            first.offer(scores[d], d);
        }
        Comparator<Integer> order = Comparator.comparingDouble((Integer d) -> scores[d] + 0.0);
        int[] expected = IntStream.range(0, 300)
                .filter(d -> !Double.isNaN(scores[d]))
                .boxed()
                .sorted(tail == Tail.TOP ? order.reversed() : order) // stable
                .limit(k)
                .mapToInt(Integer::intValue)
                .toArray();
        assertThat(first.documents()).isEqualTo(expected);
        assertThat(first.scores())
                .usingComparatorWithPrecision(0.0)
                .containsExactly(
                        IntStream.of(expected).mapToDouble(d -> scores[d]).toArray());
        for (double score : first.scores()) {
            assertThat(first.alike(score))
                    .isEqualTo(IntStream.range(0, 300)
                            .filter(d -> scores[d] == score)
                            .count());
        }
    }
}
