package dev.wellspring.store.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.store.arrow.ArrowBatch;
import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.StoreFileException;
import dev.wellspring.store.scores.ScoreExport.Format;
import dev.wellspring.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScoreExportTest {
    private static final double[] LOSSES = {2, 0.5};

    /// The influence on the other query is what `shuffled` says.
    private static final int[] SHUFFLED = {1, 0};

    private record Line(
            String query, String document, @Nullable String source, List<Double> numbers) {}

    @TempDir
    private Path directory;

    @TempDir
    private Path target;

    private final List<ScoredDocument> documents = SampleRun.documents(5500, 2, 1);
    private ScoreFolder folder;

    @BeforeEach
    void writeTwoShards() {
        ScoreLayout layout = SampleRun.layout(DType.FLOAT32, 2);
        SampleRun.write(directory, 0, layout, documents.subList(0, 5000));
        SampleRun.write(directory, 1, layout, documents.subList(5000, 5500));
        SampleRun.addBm25(directory, 2);
        folder = ScoreFolder.open(directory);
    }

    @AfterEach
    void closeFolder() {
        folder.close();
    }

    private List<Line> expected() {
        List<Line> lines = new ArrayList<>();
        for (int query = 0; query < LOSSES.length; query++) {
            for (ScoredDocument document : documents) {
                double raw = document.scores()[query];
                lines.add(new Line(
                        SampleRun.queries(2).get(query),
                        document.document() + (document.part() == 0 ? "" : "#1"),
                        document.source(),
                        List.of(
                                raw,
                                raw / LOSSES[query],
                                raw / LOSSES[query] / document.gradientNorm(),
                                (double) (float) SampleRun.bm25(query, lines.size() % documents.size()),
                                document.tokens() - 1.0,
                                document.gradientNorm(),
                                document.scores()[1 - query])));
            }
        }
        return lines;
    }

    private static List<Line> query(String table) throws SQLException {
        List<Line> lines = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
            while (rows.next()) {
                lines.add(new Line(
                        rows.getString("query"),
                        rows.getString("document"),
                        rows.getString("source"),
                        List.of(
                                rows.getDouble("raw"),
                                rows.getDouble("nat"),
                                rows.getDouble("normalised"),
                                rows.getDouble("bm25"),
                                rows.getDouble("length"),
                                rows.getDouble("gradient_norm"),
                                rows.getDouble("shuffled"))));
            }
        }
        return lines;
    }

    @Test
    void csvIsReadBackByDuckDb() throws SQLException {
        Path file = target.resolve("scores.csv");
        new ScoreExport(folder, LOSSES, SHUFFLED).write(Format.CSV, file);
        String types = "{query:'VARCHAR', document:'VARCHAR', source:'VARCHAR', raw:'DOUBLE', nat:'DOUBLE', "
                + "normalised:'DOUBLE', bm25:'DOUBLE', length:'DOUBLE', gradient_norm:'DOUBLE', shuffled:'DOUBLE'}";
        assertThat(query("read_csv('" + file + "', header=true, columns=" + types + ", quote='\"', escape='\"')"))
                .isEqualTo(expected());
    }

    @Test
    void parquetIsReadBackByDuckDb() throws SQLException {
        Path file = target.resolve("it's.parquet");
        new ScoreExport(folder, LOSSES, SHUFFLED).write(Format.PARQUET, file);
        assertThat(query("read_parquet('" + file.toString().replace("'", "''") + "')"))
                .isEqualTo(expected());
    }

    @Test
    void arrowHoldsTheSameRows() {
        Path file = target.resolve("scores.arrow");
        new ScoreExport(folder, LOSSES, SHUFFLED).write(Format.ARROW, file);
        List<Line> lines = new ArrayList<>();
        try (ArrowReader reader = new ArrowReader(file, ShardFormat.ORIGIN)) {
            reader.verify();
            for (int i = 0; i < reader.batchCount(); i++) {
                ArrowBatch batch = reader.batch(i);
                for (int row = 0; row < batch.rows(); row++) {
                    int at = row;
                    lines.add(new Line(
                            batch.stringAt(0, row),
                            batch.stringAt(1, row),
                            batch.nullableStringAt(2, row),
                            IntStream.range(3, 10)
                                    .mapToObj(column -> batch.doubleAt(column, at))
                                    .toList()));
                }
            }
        }
        assertThat(lines).isEqualTo(expected());
    }

    @Test
    void csvHasThePromisedHeaderAndQuoting() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ScoreExport(folder, LOSSES, SHUFFLED).csv(out);
        String csv = out.toString(StandardCharsets.UTF_8);

        assertThat(csv)
                .startsWith(
                        "query,document,source,raw,nat,normalised,bm25,length,gradient_norm,shuffled\n\"q, \"\"0\"\" ü\",plain0,,");
        assertThat(csv).contains(",\"with,comma1\",source 1,");
        assertThat(csv).contains(",\"with \"\"quotes\"\"2\",source 2,");
        assertThat(csv).contains(",\"two\nlines3#1\",source 4,");
    }

    @ParameterizedTest
    @EnumSource
    void sameScoresGiveTheSameBytesAndNothingElse(Format format) throws IOException {
        ScoreExport export = new ScoreExport(folder, LOSSES, SHUFFLED);
        export.write(format, target.resolve("first"));
        export.write(format, target.resolve("second"));
        assertThat(target.resolve("second")).hasSameBinaryContentAs(target.resolve("first"));
        assertThat(target).isDirectoryNotContaining("glob:**.part");
    }

    @ParameterizedTest
    @EnumSource
    void aFolderThatDoesNotExistIsNamed(Format format) {
        Path file = target.resolve("missing").resolve("scores");
        assertThatThrownBy(() -> new ScoreExport(folder, LOSSES, SHUFFLED).write(format, file))
                .isInstanceOf(StoreFileException.class)
                .message()
                .startsWith(file + ".part: cannot be written (")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @EnumSource
    void anExportThatFailsHalfwayLeavesNothing(Format format) throws IOException {
        folder.close();
        Path shard = directory.resolve("scores-00001.arrow");
        byte[] bytes = Files.readAllBytes(shard);
        folder = ScoreFolder.open(directory);
        // The offsets of the first id: past the schema and the head of the batch, so that opening does not see it.
        int body = firstBody(shard);
        bytes[body + 4] = (byte) 0xff;
        bytes[body + 7] = (byte) 0x7f;
        folder.close();
        Files.write(shard, bytes);
        folder = ScoreFolder.open(directory);

        assertThatThrownBy(() -> new ScoreExport(folder, LOSSES, SHUFFLED).write(format, target.resolve("scores")))
                .isInstanceOf(StoreFileException.class)
                .message()
                .contains("scores-00001.arrow: batch 0 of 1 is damaged");
        assertThat(target).isEmptyDirectory();
    }

    private static int firstBody(Path shard) {
        try (ArrowReader reader = new ArrowReader(shard, ShardFormat.ORIGIN)) {
            return (int) reader.bodyOffset(0);
        }
    }

    @Test
    void thereIsALossForEveryQuery() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScoreExport(folder, new double[3], SHUFFLED))
                .withMessage("queryLosses: expected 2, got 3");
    }

    @Test
    void whatTheRunDoesNotKnowIsNotANumber() throws IOException {
        folder.close();
        Files.delete(directory.resolve("bm25-00001.arrow"));
        folder = ScoreFolder.open(directory);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ScoreExport(folder, LOSSES, new int[0]).csv(out);
        assertThat(out.toString(StandardCharsets.UTF_8).lines().skip(1).limit(3))
                .allMatch(line -> line.matches(".*,NaN,[1-5].0,0[.][0-9]+,NaN"));
    }
}
