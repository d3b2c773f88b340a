package dev.wellspring.rank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;
import org.junit.jupiter.api.Test;

class RanksTest {
    @Test
    void theyAreThoseOfAnotherLibraryTiesAndAll() {
        for (int bound : new int[] {2, 20, 100_000}) {
            double[] values = new SplittableRandom(bound)
                    .ints(500, -bound, bound)
                    .mapToDouble(x -> x)
                    .toArray();
            values[3] = Double.NaN;
            values[44] = Double.NaN;
            values[45] = Double.POSITIVE_INFINITY;
            assertThat(Ranks.of(values))
                    .containsExactly(new NaturalRanking(NaNStrategy.MINIMAL, TiesStrategy.AVERAGE).rank(values));
        }
        assertThat(Ranks.of(new double[0])).isEmpty();
        assertThat(Ranks.of(new double[] {0.0, -0.0})).containsExactly(1.5, 1.5);
    }

    @Test
    void placesAreThoseOfAStableSort() {
        double[] values =
                new SplittableRandom(8).ints(400, 0, 30).mapToDouble(x -> x).toArray();
        values[7] = Double.NaN;
        int[] order = IntStream.range(0, 400)
                .boxed()
                .sorted(Comparator.comparingDouble(
                        (Integer i) -> Double.isNaN(values[i]) ? Double.POSITIVE_INFINITY : -values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] places = Ranks.places(values);
        for (int place = 0; place < order.length; place++) {
            assertThat(places[order[place]]).isEqualTo(place + 1);
        }
    }
}
