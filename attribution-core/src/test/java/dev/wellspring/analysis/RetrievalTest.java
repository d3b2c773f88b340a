package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetrievalTest {
    private static final double[] SCORES = {0.5, -1, 3, 0.5, Double.NaN, 2, 0.5, -7};

    private static Retrieval find(double share, int... relevant) {
        var chosen = new BitSet();
        IntStream.of(relevant).forEach(chosen::set);
        return Retrieval.of(SCORES, chosen, share);
    }

    @Test
    void ranksAreByScoreThenByPlaceAndNotANumberIsLast() {
        assertThat(IntStream.range(0, SCORES.length).map(d -> find(1, d).best()))
                .containsExactly(3, 6, 1, 4, 8, 2, 5, 7);
    }

    @Test
    void theTopIsAShareRoundedUp() {
        assertThat(find(0.01, 2)).isEqualTo(new Retrieval(8, 1, 1, 1, 1));
        assertThat(find(0.25, 0, 5, 7)).isEqualTo(new Retrieval(8, 3, 2, 1, 2));
        assertThat(find(0.375, 0, 5, 7)).isEqualTo(new Retrieval(8, 3, 3, 2, 2));
        assertThat(find(0.25, 0, 7).any()).isFalse();
    }

    @Test
    void whereNothingMattersNothingIsFound() {
        assertThat(find(0.5)).isEqualTo(new Retrieval(8, 0, 4, 0, 0));
        assertThat(find(0.5).chance()).isZero();
    }

    @Test
    void chanceIsThatOfADrawing() {
        assertThat(find(0.25, 1).chance()).isCloseTo(2 / 8d, within(1e-15));
        assertThat(find(0.25, 1, 2).chance()).isCloseTo(1 - 6 / 8d * 5 / 7d, within(1e-15));
        assertThat(find(0.5, 0, 1, 2, 3, 4).chance()).isEqualTo(1);
    }

    @Test
    void chanceIsHowOftenAShuffledRankingFindsOne() {
        List<Integer> documents = new ArrayList<>(IntStream.range(0, 40).boxed().toList());
        var random = new Random(3);
        var relevant = new BitSet();
        relevant.set(0, 3);
        int found = 0;
        double chance = 0;
        for (int i = 0; i < 4000; i++) {
            Collections.shuffle(documents, random);
            var one = Retrieval.of(
                    documents.stream().mapToDouble(Integer::doubleValue).toArray(), relevant, 0.1);
            chance = one.chance();
            found += one.any() ? 1 : 0;
        }
        assertThat(found / 4000d).isCloseTo(chance, within(0.03)); // four standard errors
    }

    @Test
    void aShareOfNothingAndDocumentsThatAreNotThereAreRefused() {
        assertThatThrownBy(() -> find(0, 1)).hasMessage("share: expected above 0 and at most 1, got 0.0");
        assertThatThrownBy(() -> find(0.5, 8)).hasMessage("relevant: expected numbers below 8, got 8");
    }
}
