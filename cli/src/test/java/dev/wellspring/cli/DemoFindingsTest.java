package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.cli.DemoFindings.Answered;
import dev.wellspring.cli.LabelledRun.Truth;
import dev.wellspring.run.score.ScoredQuery;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Over 400 documents, of which the first 2 are the top.
class DemoFindingsTest {
    private static final int DOCUMENTS = 400;

    private final List<ScoredQuery> queries = new ArrayList<>();
    private final List<double[]> influence = new ArrayList<>();
    private final List<double[]> bm25 = new ArrayList<>();
    private final List<Truth> documents = new ArrayList<>();
    private final BitSet answered = new BitSet();

    private DemoFindingsTest() {
        document(0, new Truth("answer-fact", "fact-1", Set.of("Oslo")));
        document(1, new Truth("answer-fact", "fact-2", Set.of("Rome")));
        document(2, new Truth("answer-fact", "fact-2", Set.of("Rome")));
        document(3, new Truth("answer-fact", "sum-1", Set.of("12")));
        document(4, new Truth("procedure", "", Set.of("7")));
        document(5, new Truth("canary", "", Set.of("abc")));
        document(6, new Truth("procedure", "", Set.of("12")));
        while (documents.size() < DOCUMENTS) {
            documents.add(new Truth("distractor", "", Set.of()));
        }
    }

    private void document(int number, Truth truth) {
        assertThat(documents).hasSize(number);
        documents.add(truth);
    }

    /// @param first the documents in front, best first; the others score 0
    private void query(
            String id, String kind, String family, String answer, int repetition, double loss, int... first) {
        ObjectNode extras = JsonNodeFactory.instance.objectNode();
        extras.putArray("answers").add(answer);
        extras.putObject("coordinates").put("repetition", repetition);
        queries.add(new ScoredQuery(id, kind, family, "", "", 2, loss, 0, extras));
        double[] scores = new double[DOCUMENTS];
        for (int i = 0; i < first.length; i++) {
            scores[first[i]] = first.length - i;
        }
        influence.add(scores);
        double[] backwards = new double[DOCUMENTS];
        backwards[399] = 2;
        backwards[398] = 1;
        bm25.add(backwards);
    }

    private DemoFindings findings() {
        return DemoFindings.of(
                new LabelledRun(queries, documents, influence.toArray(double[][]::new), bm25.toArray(double[][]::new)),
                answered);
    }

    private static <K, V> V at(Map<K, V> map, K key) {
        return Objects.requireNonNull(map.get(key), key.toString());
    }

    @Test
    void onlyAnsweredFactsCount() {
        query("fact-1", "factual", "factual", "Oslo", 1, 0.5, 0, 9);
        query("fact-2", "factual", "factual", "Rome", 2, 0.5, 8, 9, 2, 1);
        query("fact-3", "factual", "factual", "Bern", 1, 3, 8);
        answered.set(0, 2);
        DemoFindings found = findings();
        assertThat(found.top()).isEqualTo(2);
        assertThat(found.answered()).containsOnlyKeys("factual, factual");
        assertThat(at(found.answered(), "factual, factual")).isEqualTo(new Answered(3, 2, 4 / 6d));
        assertThat(found.facts().queries()).isEqualTo(2);
        assertThat(found.facts().found()).isEqualTo(1);
        assertThat(found.facts().rank().smallest()).isEqualTo(1);
        assertThat(found.facts().rank().largest()).isEqualTo(3);
        assertThat(found.facts().expected()).isCloseTo(2 / 400d + 1 - 398 / 400d * 397 / 399, within(1e-12));
        assertThat(found.facts().bm25Found()).isZero();
        assertThat(found.repetition().keySet()).containsExactly(1, 2);
        assertThat(at(found.repetition(), 1).all()).isEqualTo(2);
        assertThat(at(found.repetition(), 2).all()).isEqualTo(3);
        assertThat(at(found.repetition(), 2).each()).isEqualTo(1.5);
    }

    @Test
    void plantedAnswersAreToldFromThoseOfOtherProblems() {
        query("sum-1", "reasoning", "sum", "12", 0, 1, 3, 9);
        query("sum-2", "reasoning", "sum", "7", 0, 1, 9, 4);
        query("sum-3", "reasoning", "sum", "5", 0, 1, 6, 9);
        query("sum-4", "reasoning", "sum", "12", 0, 1, 9, 8);
        DemoFindings found = findings();
        assertThat(found.planted().queries()).isEqualTo(1);
        assertThat(found.planted().plantedFound()).isEqualTo(1);
        assertThat(found.planted().holding()).isEqualTo(1);
        assertThat(found.planted().holdingFound()).isZero();
        assertThat(found.planted().shuffled()).isEqualTo(1 / 2d); // document 6 leads for sum-3, and not for sum-2
        assertThat(found.notPlanted().queries()).isEqualTo(3);
        assertThat(found.notPlanted().plantedFound()).isZero();
        assertThat(found.notPlanted().holding()).isEqualTo(2); // nothing holds 5
        assertThat(found.notPlanted().holdingFound()).isEqualTo(1);
    }

    @Test
    void aCanaryIsTheDocumentWithItsCodeWord() {
        query("canaries-0", "factual", "canary", "abc", 0, 1, 5);
        assertThat(findings().canaries().found()).isEqualTo(1);
        assertThat(findings().facts().queries()).isZero();
    }

    @Test
    void pairsOfQueriesAreComparedByWhatTheyAre() {
        query("sum-1", "reasoning", "sum", "12", 0, 1, 3, 9);
        query("sum-2", "reasoning", "sum", "7", 0, 1, 3, 9);
        query("slope-1", "reasoning", "slope", "7", 0, 1, 100);
        query("control-1", "control", "sum", "7", 0, 1, 3, 9);
        assertThat(at(findings().correlation(), "reasoning, both sum").mean()).isCloseTo(1, within(1e-12));
        assertThat(at(findings().correlation(), "reasoning, both slope").count())
                .isZero();
        assertThat(at(findings().correlation(), "reasoning, two tasks").count()).isEqualTo(2);
        assertThat(at(findings().correlation(), "reasoning, two tasks").largest())
                .isLessThan(0);
        assertThat(at(findings().correlation(), "reasoning and its controls").count())
                .isEqualTo(3);
    }

    @Test
    void totalsArePerNat() {
        query("sum-1", "reasoning", "sum", "12", 0, 4, 3, 9);
        assertThat(at(findings().influence(), "reasoning").positive().mean()).isEqualTo(3 / 4d);
        assertThat(at(findings().influence(), "factual").positive().count()).isZero();
    }
}
