package dev.wellspring.store.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.analysis.AnalysedQuery;
import dev.wellspring.analysis.Coefficient;
import dev.wellspring.analysis.ScorePass;
import dev.wellspring.analysis.SourceFindings;
import dev.wellspring.analysis.SpreadFindings;
import dev.wellspring.analysis.TailSpread;
import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.rank.Tail;
import dev.wellspring.tensor.DType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the analyses say of shards is what DuckDB says of the Parquet file that is exported from them.
class AnalysesAgainstSqlTest {
    private static final int DOCUMENTS = 9000;
    private static final int QUERIES = 4;
    private static final double[] LOSSES = {1, 2, 3, 4};

    @TempDir
    static Path directory;

    private static String parquet = "";
    private static ScorePass.Findings findings;

    @BeforeAll
    static void analyse() {
        ScoreLayout layout = new ScoreLayout(List.of("q0", "q1", "q2", "q3"), DType.FLOAT32, "run");
        SampleRun.write(directory, 0, layout, documents().subList(0, 5500));
        SampleRun.write(directory, 1, layout, documents().subList(5500, DOCUMENTS));
        Path file = directory.resolve("scores.parquet");
        parquet = "'" + file + "'";
        List<AnalysedQuery> queries = IntStream.range(0, QUERIES)
                .mapToObj(q -> new AnalysedQuery("q" + q, "factual", "one", LOSSES[q], null))
                .toList();
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            new ScoreExport(folder, LOSSES, new int[0]).write(ScoreExport.Format.PARQUET, file);
            var pass = new ScorePass(queries, DOCUMENTS, false, RowParallel.serial());
            folder.forEachBatch(pass::accept);
            findings = pass.finish(new ScoreRows(folder), new int[0]);
        }
    }

    /// Heavy tails, something in common, a zero now and then; no two scores of a query alike but for those.
    private static List<ScoredDocument> documents() {
        var random = new SplittableRandom(5);
        return IntStream.range(0, DOCUMENTS)
                .mapToObj(d -> {
                    double common = random.nextDouble() - 0.5;
                    double[] scores = random.doubles(QUERIES)
                            .map(x -> d % 50 == 7 ? 0 : (float) (Math.tan(3 * (x - 0.4)) + common))
                            .toArray();
                    String source = d % 9 == 0 ? null : scores[1] > 1 && d % 2 == 0 ? "code" : "web";
                    return new ScoredDocument("d" + d, 0, source, 5, 1, 0.5 + random.nextDouble(), "", "{}", scores);
                })
                .toList();
    }

    @Test
    void correlations() throws SQLException {
        for (String column : List.of("raw", "normalised")) {
            String pairs = "SELECT a.query, b.query, corr(a." + column + ", b." + column + ") FROM " + parquet
                    + " a JOIN " + parquet + " b USING (document) GROUP BY ALL";
            Coefficient which = column.equals("raw") ? Coefficient.PEARSON : Coefficient.PEARSON_NORMALISED;
            int seen = 0;
            try (Sql sql = new Sql(pairs)) {
                while (sql.rows.next()) {
                    seen++;
                    assertThat(findings.correlation()
                                    .matrix(which)
                                    .at(number(sql.rows.getString(1)), number(sql.rows.getString(2))))
                            .isCloseTo(sql.rows.getDouble(3), within(1e-9));
                }
            }
            assertThat(seen).isEqualTo(QUERIES * QUERIES);
        }
    }

    @Test
    void ranksAreCorrelatedAlike() throws SQLException {
        String ranked =
                "(SELECT query, document, rank() OVER same + (count(*) OVER (PARTITION BY query, raw) - 1) / 2 AS r FROM "
                        + parquet + " WINDOW same AS (PARTITION BY query ORDER BY raw))";
        try (Sql sql = new Sql("SELECT a.query, b.query, corr(a.r, b.r) FROM " + ranked + " a JOIN " + ranked
                + " b USING (document) GROUP BY ALL")) {
            while (sql.rows.next()) {
                assertThat(findings.correlation()
                                .matrix(Coefficient.SPEARMAN)
                                .at(number(sql.rows.getString(1)), number(sql.rows.getString(2))))
                        .isCloseTo(sql.rows.getDouble(3), within(1e-9));
            }
        }
    }

    @Test
    void sharesOfTheFirstDocuments() throws SQLException {
        for (double percentage : SpreadFindings.PERCENTAGES) {
            try (Sql sql = new Sql(String.format(
                    Locale.ROOT,
                    "SELECT query, sum(raw) FILTER (place <= ceil(positive * CAST('%s' AS DECIMAL(6,2)) / 100)) / sum(raw),"
                            + " sum(nat), power(sum(raw), 2) / sum(raw * raw) FROM (SELECT query, raw, nat, row_number() OVER"
                            + " (PARTITION BY query ORDER BY raw DESC) AS place, count(*) OVER (PARTITION BY query) AS"
                            + " positive FROM %s WHERE raw > 0) GROUP BY query",
                    percentage,
                    parquet))) {
                while (sql.rows.next()) {
                    TailSpread found = findings.spread()
                            .queries()
                            .get(number(sql.rows.getString(1)))
                            .positive();
                    assertThat(found.shares()[SpreadFindings.PERCENTAGES.indexOf(percentage)])
                            .as("%s %% of %s", percentage, found.documents())
                            .isCloseTo(sql.rows.getDouble(2), within(found.documents() <= 5000 ? 1e-9 : 1e-4));
                    assertThat(found.perNat()).isCloseTo(sql.rows.getDouble(3), within(1e-6));
                    assertThat(found.effectiveDocuments()).isCloseTo(sql.rows.getDouble(4), within(1e-6));
                }
            }
        }
    }

    @Test
    void slopesOfPowerLaws() throws SQLException {
        try (Sql sql = new Sql("SELECT query, regr_slope(ln(raw), ln(place)), regr_r2(ln(raw), ln(place)),"
                + " regr_intercept(ln(raw), ln(place)) FROM (SELECT query, raw, row_number() OVER (PARTITION BY query ORDER"
                + " BY raw DESC) AS place FROM " + parquet + ") WHERE place <= 500 GROUP BY query")) {
            while (sql.rows.next()) {
                var law = findings.spread()
                        .queries()
                        .get(number(sql.rows.getString(1)))
                        .positive()
                        .powerLaw();
                assertThat(law.slope()).isCloseTo(sql.rows.getDouble(2), within(1e-9));
                assertThat(law.r2()).isCloseTo(sql.rows.getDouble(3), within(1e-9));
                assertThat(law.intercept()).isCloseTo(sql.rows.getDouble(4), within(1e-9));
            }
        }
    }

    @Test
    void countsOfSources() throws SQLException {
        SourceFindings sources = findings.sources();
        assertThat(sources.depths()).containsExactly(50L, 500L);
        int seen = 0;
        for (int k = 0; k < 2; k++) {
            for (Tail tail : Tail.values()) {
                try (Sql sql =
                        new Sql("SELECT query, coalesce(source, '(none)'), count(*) FROM (SELECT *, row_number() OVER"
                                + " (PARTITION BY query ORDER BY raw " + (tail == Tail.TOP ? "DESC" : "ASC")
                                + ") AS place FROM "
                                + parquet + ") WHERE place <= "
                                + sources.depths().get(k) + " GROUP BY ALL")) {
                    while (sql.rows.next()) {
                        seen++;
                        int source = sources.corpus().stream()
                                .map(SourceFindings.OfCorpus::source)
                                .toList()
                                .indexOf(sql.rows.getString(2));
                        assertThat(counts(sql.rows.getString(1), tail)[k][source])
                                .isEqualTo(sql.rows.getDouble(3));
                    }
                }
            }
        }
        assertThat(seen).isGreaterThan(30);
    }

    private static double[][] counts(String query, Tail tail) {
        return findings.sources().queries().stream()
                .filter(one -> one.query() == number(query) && one.tail() == tail)
                .findFirst()
                .orElseThrow()
                .counts();
    }

    private static int number(String query) {
        return Integer.parseInt(query.substring(1));
    }

    /// One query and its rows.
    private static final class Sql implements AutoCloseable {
        private final Connection connection;
        private final Statement statement;
        private final ResultSet rows;

        Sql(String query) throws SQLException {
            connection = DriverManager.getConnection("jdbc:duckdb:");
            statement = connection.createStatement();
            rows = statement.executeQuery(query);
        }

        @Override
        public void close() throws SQLException {
            rows.close();
            statement.close();
            connection.close();
        }
    }
}
