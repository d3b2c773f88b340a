package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.analysis.CorrelationBlock.Relation;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.rank.Agreement;
import dev.wellspring.rank.Tail;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScorePassTest {
    private static AnalysedQuery query(String id, String kind, String family) {
        return new AnalysedQuery(id, kind, family, 2, null);
    }

    private static List<AnalysedQuery> queries(int count) {
        return IntStream.range(0, count)
                .mapToObj(q -> query("q" + q, q % 2 == 0 ? "factual" : "reasoning", "one"))
                .toList();
    }

    private static ScorePass.Findings findings(PlainScores scores) {
        return findings(queries(scores.queries()), scores, RowParallel.serial(), 1000);
    }

    private static ScorePass.Findings findings(
            List<AnalysedQuery> queries, PlainScores scores, RowParallel parallel, int block) {
        var pass = new ScorePass(queries, scores.documents(), true, parallel);
        scores.blocks(block).forEach(pass::accept);
        return pass.finish(scores, new int[0]);
    }

    @Test
    void anExactPowerLawHasItsSlope() {
        double[] scores = IntStream.rangeClosed(1, 2000)
                .mapToDouble(rank -> 3 * Math.pow(rank, -0.35))
                .toArray();
        InfluenceSpread spread = findings(PlainScores.of(shuffled(scores), negated(scores)))
                .spread()
                .queries()
                .getFirst();
        PowerLaw law = spread.positive().powerLaw();
        assertThat(law.documents()).isEqualTo(500);
        assertThat(law.slope()).isCloseTo(-0.35, within(1e-12));
        assertThat(law.intercept()).isCloseTo(Math.log(3), within(1e-12));
        assertThat(law.r2()).isCloseTo(1, within(1e-12));
        assertThat(spread.negative().documents()).isZero();
        assertThat(spread.negative().powerLaw().slope()).isNaN();
    }

    @Test
    void scoresThatAreAllAlikeAreSpreadOverAllDocuments() {
        double[] alike = new double[20_000];
        Arrays.fill(alike, 0.25);
        double[] opposite = negated(alike);
        SpreadFindings found = findings(PlainScores.of(alike, opposite)).spread();
        TailSpread positive = found.queries().getFirst().positive();
        assertThat(positive.total()).isCloseTo(5000, within(1e-9));
        assertThat(positive.perNat()).isCloseTo(2500, within(1e-9));
        assertThat(positive.effectiveDocuments()).isCloseTo(20_000, within(1e-6));
        for (int p = 0; p < SpreadFindings.PERCENTAGES.size(); p++) {
            assertThat(positive.shares()[p]).isCloseTo(SpreadFindings.PERCENTAGES.get(p) / 100, within(1e-12));
        }
        TailSpread negative = found.queries().get(1).negative();
        assertThat(negative.total()).isCloseTo(-5000, within(1e-9));
        assertThat(negative.perNat()).isCloseTo(-2500, within(1e-9));
        assertThat(found.queries().get(1).positive().total()).isEqualTo(0.0);
        assertThat(found.queries().get(1).effectiveDocuments()).isCloseTo(20_000, within(1e-6));
    }

    /// Up to 5,000 documents to the last digit; beyond, to the width of a bin.
    @Test
    void sharesAreThoseOfSortedScores() {
        double[] scores = new SplittableRandom(4)
                .doubles(60_000)
                .map(x -> Math.tan(Math.PI * (x - 0.5)))
                .toArray();
        TailSpread found =
                findings(PlainScores.of(scores)).spread().queries().getFirst().positive();
        double[] sorted = Arrays.stream(scores)
                .filter(x -> x > 0)
                .map(x -> -x)
                .sorted()
                .map(x -> -x)
                .toArray();
        double total = DoubleStream.of(sorted).sum();
        assertThat(found.documents()).isEqualTo(sorted.length);
        assertThat(found.total()).isCloseTo(total, within(1e-9 * total));
        for (int p = 0; p < SpreadFindings.PERCENTAGES.size(); p++) {
            long first = (long) Math.ceil(sorted.length * SpreadFindings.PERCENTAGES.get(p) / 100 - 1e-9);
            double share = DoubleStream.of(sorted).limit(first).sum() / total;
            assertThat(found.shares()[p]).isCloseTo(share, within(first <= 5000 ? 1e-12 : 1e-5));
        }
        double squares = DoubleStream.of(sorted).map(x -> x * x).sum();
        assertThat(found.effectiveDocuments()).isCloseTo(total * total / squares, within(1e-6));
    }

    /// Waves of different frequency over whole periods are uncorrelated, and a sum of two correlates with each
    /// by its share.
    @Test
    void correlationsAreThoseOfTheConstruction() {
        int n = 5000;
        double[] sine = wave(n, 3, 0);
        double[] cosine = wave(n, 3, Math.PI / 2);
        double[] mixed = new double[n];
        Arrays.setAll(mixed, d -> 5 + 3 * sine[d] + 4 * cosine[d]);
        CorrelationFindings found =
                findings(PlainScores.of(sine, cosine, mixed, negated(sine))).correlation();
        CrossQueryCorrelation pearson = found.matrix(Coefficient.PEARSON);
        assertThat(pearson.at(0, 1)).isCloseTo(0, within(1e-12));
        assertThat(pearson.at(0, 2)).isCloseTo(0.6, within(1e-12));
        assertThat(pearson.at(2, 1)).isCloseTo(0.8, within(1e-12));
        assertThat(pearson.at(0, 3)).isCloseTo(-1, within(1e-12));
        assertThat(found.matrix(Coefficient.SPEARMAN).at(0, 3)).isCloseTo(-1, within(1e-12));
        assertThat(found.documents()).isEqualTo(n);
    }

    @ParameterizedTest
    @ValueSource(ints = {37, 1000, 4096})
    void everyCoefficientIsThatOfAPlainComputation(int block) {
        PlainScores scores = PlainScores.random(3000, 5);
        scores.norms()[17] = 0;
        scores.norms()[2999] = 0;
        for (double[] column : scores.scores()) {
            column[17] = 0;
            column[2999] = 0;
        }
        CorrelationFindings found =
                findings(queries(5), scores, CoMomentsTest.THREE, block).correlation();
        int[] withNorm =
                IntStream.range(0, 3000).filter(d -> d != 17 && d != 2999).toArray();
        assertThat(found.normalised()).isEqualTo(2998);
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < i; j++) {
                Agreement raw = Agreement.of(scores.scores()[i], scores.scores()[j]);
                Agreement normalised = Agreement.of(scores.normalised(i, withNorm), scores.normalised(j, withNorm));
                assertThat(found.matrix(Coefficient.PEARSON).at(i, j)).isCloseTo(raw.pearson(), within(1e-12));
                assertThat(found.matrix(Coefficient.SPEARMAN).at(i, j)).isCloseTo(raw.spearman(), within(1e-12));
                assertThat(found.matrix(Coefficient.PEARSON_NORMALISED).at(i, j))
                        .isCloseTo(normalised.pearson(), within(1e-12));
                assertThat(found.matrix(Coefficient.SPEARMAN_NORMALISED).at(j, i))
                        .isCloseTo(normalised.spearman(), within(1e-12));
            }
        }
    }

    @Test
    void threadsChangeNothingAtAll() {
        PlainScores scores = PlainScores.random(5000, 7);
        ScorePass.Findings one = findings(queries(7), scores, RowParallel.serial(), 1000);
        ScorePass.Findings three = findings(queries(7), scores, CoMomentsTest.THREE, 1000);
        assertThat(three).usingRecursiveComparison().isEqualTo(one);
    }

    @Test
    void pairsAreSortedByWhatTheyAreToEachOther() {
        List<AnalysedQuery> queries = List.of(
                query("sum-1", "reasoning", "sum"),
                query("sum-2", "reasoning", "sum"),
                query("slope-1", "reasoning", "slope"),
                query("capital-1", "factual", "capital"),
                new AnalysedQuery("sum-c", "control", "sum", 2, "sum-1"),
                query("capital-2", "factual", "capital"));
        double[] wave = wave(900, 1, 0);
        double[] other = wave(900, 2, 0);
        CorrelationFindings found = findings(
                        queries,
                        PlainScores.of(wave, wave, other, negated(wave), other, negated(other)),
                        RowParallel.serial(),
                        100)
                .correlation();
        assertThat(found.blocks().get(Coefficient.PEARSON))
                .extracting(block -> block.relation() + " " + block.kind() + " " + block.family() + " " + block.other()
                        + " " + block.pairs() + " "
                        + Math.round(1000 * block.mean().estimate()) / 1000.0)
                .containsExactly(
                        Relation.WITHIN_TASK + " reasoning sum reasoning 1 1.0",
                        Relation.WITHIN_TASK + " factual capital factual 1 0.0",
                        Relation.ACROSS_TASKS + " reasoning  reasoning 2 0.0",
                        Relation.ACROSS_KINDS + " factual  reasoning 6 -0.5",
                        Relation.OWN_CONTROL + " reasoning  control 1 0.0",
                        Relation.OTHER_CONTROLS + " reasoning  control 1 0.0");
    }

    /// The first hundred documents of every query are half poems, of which there are a twentieth.
    @Test
    void aPlantedSourceIsFoundWithItsShare() {
        int n = 4000;
        double[] scores = new double[n];
        String[] sources = new String[n];
        for (int d = 0; d < n; d++) {
            sources[d] = d % 20 == 3 ? "poems" : null;
            scores[d] = n - d;
        }
        for (int i = 0; i < 50; i++) { // 25 of 50 in front, 50 of 100
            scores[20 * i + 3] = 2 * n + 10 * i;
            scores[20 * i + 4] = 2 * n + 10 * i + 5;
        }
        SourceFindings found =
                findings(PlainScores.of(scores, negated(scores)).with(sources)).sources();
        assertThat(found.corpus())
                .containsExactly(
                        new SourceFindings.OfCorpus(SourceFindings.NONE, 3800, 0.95),
                        new SourceFindings.OfCorpus("poems", 200, 0.05));
        assertThat(found.depths()).containsExactly(50L, 500L);
        SourceFindings.OfQuery top = found.queries().getFirst();
        assertThat(top.tail()).isEqualTo(Tail.TOP);
        assertThat(top.counts()[0]).containsExactly(25, 25);
        assertThat(top.counts()[1][0] + top.counts()[1][1]).isEqualTo(500);
        assertThat(found.queries().get(3).tail()).isEqualTo(Tail.BOTTOM);
        assertThat(found.queries().get(3).counts()[0]).containsExactly(25, 25);
        assertThat(found.groups())
                .filteredOn(one -> one.group().kind().equals("factual")
                        && one.tail() == Tail.TOP
                        && one.depth() == 50
                        && one.source().equals("poems"))
                .singleElement()
                .satisfies(one -> assertThat(one.ratio().estimate()).isCloseTo(10, within(1e-12)));
    }

    /// Among the first 50,000 of 200,000, sources are counted in bins.
    @Test
    void farDownSourcesAreCountedToWithinABin() {
        int n = 200_000;
        double[] scores = new SplittableRandom(6)
                .doubles(n)
                .map(x -> x < 0.1 ? 0 : Math.tan(Math.PI * (x - 0.6)))
                .toArray();
        String[] sources = new String[n];
        Arrays.setAll(sources, d -> "s" + (int) Math.abs(100 * scores[d]) % 5);
        SourceFindings found = findings(PlainScores.of(scores).with(sources)).sources();
        assertThat(found.depths()).containsExactly(50L, 500L, 5000L, 50_000L);
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer d) -> -scores[d]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int k = 0; k < 4; k++) {
            for (int s = 0; s < 5; s++) {
                String source = found.corpus().get(s).source();
                long depth = found.depths().get(k);
                for (SourceFindings.OfQuery one : found.queries()) {
                    long expected = IntStream.range(0, (int) depth)
                            .map(i -> one.tail() == Tail.TOP ? order[i] : order[n - 1 - i])
                            .filter(d -> sources[d].equals(source))
                            .count();
                    assertThat(one.counts()[k][s])
                            .isCloseTo((double) expected, within(depth <= 5000 ? 0 : 0.01 * depth));
                }
            }
        }
    }

    @Test
    void baselinesAreThoseOfColumnsInMemory() {
        PlainScores scores = PlainScores.random(3000, 4);
        var pass = new ScorePass(queries(4), 3000, true, CoMomentsTest.THREE);
        scores.blocks(700).forEach(pass::accept);
        int[] shuffled = {1, 2, 3, 0};
        ScorePass.Findings found = pass.finish(scores, shuffled);
        int[] sample = RankedScores.sample(3000, 0);
        for (int q = 0; q < 4; q++) {
            var influence = new RankedScores(scores.scores()[q], sample);
            var expected = List.of(
                    new RankedScores(scores.bm25()[q], sample),
                    new RankedScores(scores.lengths(), sample),
                    new RankedScores(scores.norms(), sample),
                    new RankedScores(scores.scores()[shuffled[q]], sample));
            assertThat(found.baselines().get(q).keySet()).containsExactly(Baseline.values());
            for (Baseline baseline : Baseline.values()) {
                assertThat(found.baselines().get(q).get(baseline))
                        .isEqualTo(influence.resemblance(
                                expected.get(List.of(Baseline.values()).indexOf(baseline))));
            }
        }
        assertThat(pass.first(0, Tail.TOP, 100))
                .isEqualTo(FirstDocuments.of(scores.scores()[0], 100).documents());
    }

    @Test
    void scoresThatAreNoNumbersAreLeftOutAndCounted() {
        double[] scores = {1, Double.NaN, 3, Double.POSITIVE_INFINITY, -2, 0};
        InfluenceSpread found =
                findings(PlainScores.of(scores)).spread().queries().getFirst();
        assertThat(found.notANumber()).isEqualTo(2);
        assertThat(found.positive().total()).isEqualTo(4);
        assertThat(found.negative().total()).isEqualTo(-2);
    }

    @Test
    void everyDocumentMustPass() {
        var pass = new ScorePass(queries(1), 10, false, RowParallel.serial());
        PlainScores scores = PlainScores.of(new double[7]);
        scores.blocks(7).forEach(pass::accept);
        assertThatThrownBy(() -> pass.finish(scores, new int[0])).hasMessage("expected 10 documents, got 7");
        assertThatThrownBy(() -> scores.blocks(7).forEach(pass::accept))
                .hasMessage("block: expected at most 3 more documents, got 7");
    }

    private static double[] wave(int n, int periods, double phase) {
        double[] wave = new double[n];
        Arrays.setAll(wave, d -> Math.sin(2 * Math.PI * periods * d / n + phase));
        return wave;
    }

    private static double[] negated(double[] scores) {
        return Arrays.stream(scores).map(x -> -x).toArray();
    }

    private static double[] shuffled(double[] scores) {
        double[] shuffled = scores.clone();
        var random = new SplittableRandom(1);
        for (int i = shuffled.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            double kept = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = kept;
        }
        return shuffled;
    }
}
