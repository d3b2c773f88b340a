package dev.wellspring.store.scores;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.wellspring.store.arrow.ArrowSchema;
import dev.wellspring.store.arrow.ArrowWriter;
import dev.wellspring.store.arrow.Column;
import dev.wellspring.store.arrow.ElementType;
import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// Scores as one long table for other tools: a row per query and document with the columns `query`, `document`,
/// `source`, `raw`, `nat`, `normalised`.
///
/// The rows of one query follow each other, in the order of the shards. `document` is the id, and `id#1`, `id#2` and
/// so on for the later chunks of a document that was split. Scores are float64 also where the shards hold float32.
/// The rows stream: memory does not grow with their number.
public final class ScoreExport {
    /// What can be written.
    public enum Format {
        /// RFC 4180 quoting, UTF-8, lines end in a line feed; no source is an empty field.
        CSV,
        /// Parquet, compressed with zstd; no source is null.
        PARQUET,
        /// The Arrow IPC file format; no source is null.
        ARROW
    }

    private final ScoreFolder folder;
    private final double[] queryLosses;

    /// @param queryLosses (queries) −ln p(completion | prompt), nats, in the order of the layout's queries
    public ScoreExport(ScoreFolder folder, double[] queryLosses) {
        int queries = folder.layout().queries().size();
        if (queryLosses.length != queries) {
            throw new IllegalArgumentException("queryLosses: expected " + queries + ", got " + queryLosses.length);
        }
        this.folder = folder;
        this.queryLosses = queryLosses.clone();
    }

    /// Writes a file, which appears under its name when it is whole.
    ///
    /// @throws StoreFileException if it cannot be written
    public void write(Format format, Path file) {
        switch (format) {
            case CSV -> csv(file);
            case PARQUET -> parquet(file);
            case ARROW -> arrow(file);
        }
    }

    /// Writes CSV to a stream and flushes it.
    ///
    /// @throws UncheckedIOException if the stream does not take it
    public void csv(OutputStream out) {
        try {
            CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out, StandardCharsets.UTF_8);
            csv.writeRecord(ExportRows.HEADER);
            ExportRows rows = rows();
            while (rows.next()) {
                csv.writeRecord()
                        .writeField(rows.query())
                        .writeField(rows.document())
                        .writeField(rows.source())
                        .writeField(Double.toString(rows.raw()))
                        .writeField(Double.toString(rows.nat()))
                        .writeField(Double.toString(rows.normalised()))
                        .endRecord();
            }
            csv.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void csv(Path file) {
        try (PartFile part = new PartFile(file)) {
            csv(part.stream());
            part.commit();
        }
    }

    private void arrow(Path file) {
        List<Column> columns = List.of(
                new Column.Scalar("query", ElementType.UTF8),
                new Column.Scalar("document", ElementType.UTF8),
                new Column.Scalar("source", ElementType.UTF8, true),
                new Column.Scalar("raw", ElementType.FLOAT64),
                new Column.Scalar("nat", ElementType.FLOAT64),
                new Column.Scalar("normalised", ElementType.FLOAT64));
        Map<String, String> metadata = Map.of("wellspring.run", folder.layout().run());
        try (ArrowWriter writer = new ArrowWriter(file, new ArrowSchema(columns, metadata))) {
            ExportRows rows = rows();
            while (rows.next()) {
                writer.column(0).putString(rows.query());
                writer.column(1).putString(rows.document());
                writer.column(2).putString(rows.source());
                writer.column(3).putDouble(rows.raw());
                writer.column(4).putDouble(rows.nat());
                writer.column(5).putDouble(rows.normalised());
                writer.endRow();
            }
            writer.commit();
        }
    }

    private void parquet(Path file) {
        Path part = PartFile.part(file);
        try {
            try {
                ParquetExport.write(rows(), part);
                PartFile.publish(file);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (SQLException e) {
            throw PartFile.failure(part, firstLine(e), e);
        } catch (IOException e) {
            throw PartFile.failure(part, e);
        }
    }

    /// DuckDB sends the stack trace along.
    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("DuckDB gives no reason");
    }

    private ExportRows rows() {
        return new ExportRows(folder, queryLosses);
    }
}
