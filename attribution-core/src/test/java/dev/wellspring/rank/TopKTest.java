package dev.wellspring.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopKTest {
    private record Row(String document, int part) implements Rankable {}

    /// Few distinct values, so that many of them tie.
    private static List<Ranked<Row>> rows(int count, long seed) {
        Random random = new Random(seed);
        List<Ranked<Row>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new Ranked<>(random.nextInt(40) / 4.0 - 5, new Row("d" + random.nextInt(count), i)));
        }
        return rows;
    }

    private static TopK<Row> offered(List<Ranked<Row>> rows, int k, Tail tail) {
        TopK<Row> top = new TopK<>(k, tail);
        rows.forEach(r -> top.offer(r.value(), r.row()));
        return top;
    }

    private static List<Ranked<Row>> sorted(List<Ranked<Row>> rows, int k, Tail tail) {
        return rows.stream().sorted(TopK.bestFirst(tail)).limit(k).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 100, 999, 1000, 1001, 5000})
    void keepsWhatSortingWouldPutFirst(int k) {
        List<Ranked<Row>> rows = rows(1000, k);
        assertThat(offered(rows, k, Tail.TOP).best()).isEqualTo(sorted(rows, k, Tail.TOP));
        assertThat(offered(rows, k, Tail.BOTTOM).best()).isEqualTo(sorted(rows, k, Tail.BOTTOM));
    }

    @ParameterizedTest
    @EnumSource
    void doesNotDependOnTheOrderOfTheRows(Tail tail) {
        List<Ranked<Row>> rows = rows(500, 1);
        List<Ranked<Row>> best = offered(rows, 20, tail).best();
        for (int seed = 0; seed < 10; seed++) {
            Collections.shuffle(rows, new Random(seed));
            assertThat(offered(rows, 20, tail).best()).isEqualTo(best);
        }
    }

    @ParameterizedTest
    @EnumSource
    void mergingPartsIsTheSameAsOneStream(Tail tail) {
        List<Ranked<Row>> rows = rows(900, 2);
        TopK<Row> merged = new TopK<>(25, tail);
        merged.merge(offered(rows.subList(600, 900), 30, tail));
        merged.merge(offered(rows.subList(0, 10), 25, tail));
        merged.merge(offered(rows.subList(10, 600), 25, tail));

        assertThat(merged.best()).isEqualTo(sorted(rows, 25, tail));
        assertThat(merged.ranked()).isEqualTo(900);
    }

    @Test
    void partsOfAnotherTailOrOfFewerRowsCannotBeMerged() {
        TopK<Row> top = new TopK<>(3, Tail.TOP);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> top.merge(new TopK<>(3, Tail.BOTTOM)))
                .withMessage("other: expected TOP and k >= 3, got BOTTOM and k = 3");
        assertThatIllegalArgumentException().isThrownBy(() -> top.merge(new TopK<>(2, Tail.TOP)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TopK<>(-1, Tail.TOP))
                .withMessage("k: expected 0 or more, got -1");
    }

    @Test
    void tiesGoToTheSmallerIdThenTheSmallerPartInBothTails() {
        List<Row> rows = List.of(new Row("b", 0), new Row("a", 2), new Row("a", 1), new Row("c", 0));
        for (Tail tail : Tail.values()) {
            TopK<Row> top = new TopK<>(2, tail);
            rows.forEach(row -> top.offer(1.5, row));
            assertThat(top.best()).extracting(Ranked::row).containsExactly(new Row("a", 1), new Row("a", 2));
        }
    }

    @Test
    void negativeZeroTiesWithZero() {
        TopK<Row> top = new TopK<>(2, Tail.BOTTOM);
        top.offer(-0.0, new Row("z", 0));
        top.offer(0.0, new Row("a", 0));
        assertThat(top.best()).containsExactly(new Ranked<>(0.0, new Row("a", 0)), new Ranked<>(0.0, new Row("z", 0)));
    }

    @ParameterizedTest
    @EnumSource
    void notANumberIsCountedAndNeverRanked(Tail tail) {
        TopK<Row> top = new TopK<>(5, tail);
        top.offer(Double.NaN, new Row("a", 0));
        top.offer(Double.NEGATIVE_INFINITY, new Row("b", 0));
        top.offer(Double.POSITIVE_INFINITY, new Row("c", 0));

        assertThat(top.notANumber()).isEqualTo(1);
        assertThat(top.ranked()).isEqualTo(2);
        assertThat(top.best())
                .extracting(r -> r.row().document())
                .containsExactlyElementsOf(tail == Tail.TOP ? List.of("c", "b") : List.of("b", "c"));
    }

    @Test
    void rowsAreFetchedOnlyIfTheyMayEnter() {
        TopK<Row> top = new TopK<>(2, Tail.TOP);
        int[] fetched = {0};
        for (int i = 1000; i > 0; i--) {
            top.offer(i, i, index -> {
                fetched[0]++;
                return new Row("d", index);
            });
        }
        assertThat(fetched[0]).isEqualTo(2);
        assertThat(top.best()).extracting(Ranked::value).containsExactly(1000.0, 999.0);
    }
}
