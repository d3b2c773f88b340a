package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.analysis.AnswerFindings.Needle;
import dev.wellspring.analysis.AnswerFindings.Sort;
import dev.wellspring.analysis.AnswerSearch.Wanted;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswerSearchTest {
    private static final int DOCUMENTS = 1000;

    private static final List<AnalysedQuery> QUERIES = List.of(
            new AnalysedQuery("a", "reasoning", "sum", 1, null),
            new AnalysedQuery("b", "reasoning", "sum", 1, null),
            new AnalysedQuery("c", "factual", "capital", 1, null));

    /// Document d says d; query a ranks them as they stand, b the other way round.
    private static AnswerFindings search(Wanted... wanted) {
        var search = new AnswerSearch(QUERIES, List.of(wanted));
        for (int d = 0; d < DOCUMENTS; d++) {
            search.accept(d, d % 100 == 30 ? "it is " + d + ", or 7777" : "it is " + d);
        }
        return search.finish(
                DOCUMENTS,
                q -> IntStream.range(0, DOCUMENTS)
                        .mapToDouble(d -> q == 0 ? -d : d)
                        .toArray(),
                CoMomentsTest.THREE);
    }

    @Test
    void theyAreCountedAmongTheFirst() {
        AnswerFindings found = search(
                new Wanted(List.of("7777"), List.of("3", "600")),
                new Wanted(List.of("999", "5000"), List.of()),
                new Wanted(List.of(), List.of()));
        assertThat(found.depths()).containsExactly(50L, 500L);
        assertThat(found.needles())
                .extracting(Needle::query, Needle::sort, Needle::step, Needle::holding, Needle::best)
                .containsExactly(
                        tuple(0, Sort.ANSWER, 0, 10L, 31L),
                        tuple(0, Sort.STEP, 1, 1L, 4L),
                        tuple(0, Sort.STEP, 2, 1L, 601L),
                        tuple(1, Sort.ANSWER, 0, 1L, 1L));
        Needle first = found.needles().getFirst();
        assertThat(first.found()).containsExactly(1, 5);
        assertThat(first.expected()).containsExactly(new double[] {0.5, 5}, within(1e-12));
        var holding = new BitSet();
        IntStream.range(0, 10).forEach(i -> holding.set(30 + 100 * i));
        assertThat(first.chance()[0])
                .isCloseTo(Retrieval.of(new double[DOCUMENTS], holding, 0.05).chance(), within(1e-12));
    }

    @Test
    void groupsSayForHowManyQueriesTheyAreThere() {
        AnswerFindings found = search(
                new Wanted(List.of("7777"), List.of("3", "600")),
                new Wanted(List.of("5"), List.of("998", "997")),
                new Wanted(List.of("nowhere"), List.of()));
        assertThat(found.groups())
                .extracting(one -> one.group().name() + " " + one.sort() + " " + one.depth() + " " + one.queries() + " "
                        + one.any().estimate())
                .containsExactly(
                        "reasoning ANSWER 50 2 0.5",
                        "reasoning ANSWER 500 2 0.5",
                        "reasoning STEP 50 2 0.5",
                        "reasoning STEP 500 2 0.5",
                        "factual ANSWER 50 1 0.0",
                        "factual ANSWER 500 1 0.0");
        AnswerFindings.OfGroup steps = found.groups().get(2);
        assertThat(steps.chance()).isCloseTo(0.05 * 0.05, within(1e-12));
        assertThat(steps.ratio()).isCloseTo(3 / (4 * 0.05), within(1e-9));
        assertThat(found.groups().get(4).chance()).isZero();
        assertThat(found.groups().get(4).ratio()).isNaN();
    }

    @Test
    void chanceIsWhatCountingSays() {
        assertThat(AnswerSearch.chance(10, 3, 4)).isCloseTo(1 - 6 * 5 * 4 / (10d * 9 * 8), within(1e-15));
        assertThat(AnswerSearch.chance(10, 4, 3)).isCloseTo(1 - 6 * 5 * 4 / (10d * 9 * 8), within(1e-15));
        assertThat(AnswerSearch.chance(10, 0, 4)).isZero();
        assertThat(AnswerSearch.chance(10, 8, 4)).isEqualTo(1);
    }
}
