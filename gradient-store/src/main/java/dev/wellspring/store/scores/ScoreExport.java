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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Scores as one long table for other tools: a row per query and document with the columns `query`, `document`,
/// `source`, `raw`, `nat`, `normalised`, and beside them what baselines say: `bm25` (NaN where the run has none),
/// `length` (predictions), `gradient_norm`, and `shuffled` (the raw influence on another query; NaN where there is
/// none).
///
/// The rows of one query follow each other, in the order of the shards. `document` is the id, and `id#1`, `id#2`
/// and so on for the later chunks of a document that was split. Scores are float64 also where the shards hold
/// float32. The rows stream: memory does not grow with their number.
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
    private final int[] shuffled;

    /// @param queryLosses (queries) −ln p(completion | prompt), nats, in the order of the layout's queries
    /// @param shuffled (queries) the number of another query for each, or empty
    public ScoreExport(ScoreFolder folder, double[] queryLosses, int[] shuffled) {
        int queries = folder.layout().queries().size();
        if (queryLosses.length != queries) {
            throw new IllegalArgumentException("queryLosses: expected " + queries + ", got " + queryLosses.length);
        }
        this.folder = folder;
        this.queryLosses = queryLosses.clone();
        this.shuffled = shuffled.clone();
    }

    /// Writes a file, which appears under its name when it is whole.
    ///
    /// @throws StoreFileException if it cannot be written
    public void write(Format format, Path file) {
        switch (format) {
            case CSV -> csv(file);
            case PARQUET -> ParquetExport.write(rows(), file);
            case ARROW -> arrow(file);
        }
    }

    /// Writes CSV to a stream and flushes it.
    ///
    /// @throws UncheckedIOException if the stream does not take it
    public void csv(OutputStream out) {
        try {
            CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out, StandardCharsets.UTF_8);
            csv.writeRecord(Stream.concat(ExportRows.TEXTS.stream(), ExportRows.NUMBERS.stream())
                    .toList());
            ExportRows rows = rows();
            while (rows.advance()) {
                CsvWriter.CsvWriterRecord line = csv.writeRecord()
                        .writeField(rows.query())
                        .writeField(rows.document())
                        .writeField(rows.source());
                for (double number : rows.numbers()) {
                    line.writeField(Double.toString(number));
                }
                line.endRecord();
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
        List<Column> columns = new ArrayList<>();
        ExportRows.TEXTS.forEach(name -> columns.add(new Column.Scalar(name, ElementType.UTF8, name.equals("source"))));
        ExportRows.NUMBERS.forEach(name -> columns.add(new Column.Scalar(name, ElementType.FLOAT64)));
        Map<String, String> metadata = Map.of("wellspring.run", folder.layout().run());
        try (ArrowWriter writer = new ArrowWriter(file, new ArrowSchema(columns, metadata))) {
            ExportRows rows = rows();
            while (rows.advance()) {
                writer.column(0).putString(rows.query());
                writer.column(1).putString(rows.document());
                writer.column(2).putString(rows.source());
                int column = ExportRows.TEXTS.size();
                for (double number : rows.numbers()) {
                    writer.column(column++).putDouble(number);
                }
                writer.endRow();
            }
            writer.commit();
        }
    }

    private ExportRows rows() {
        return new ExportRows(folder, queryLosses, shuffled);
    }
}
