package dev.wellspring.cli;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/// The rows of `wellspring export RUN --format csv`.
record ExportedScores(List<NamedCsvRecord> rows) {
    static ExportedScores of(Path run) {
        return parse(Commands.succeed("export", run, "--format", "csv"));
    }

    static ExportedScores parse(String csv) {
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(csv)) {
            return new ExportedScores(reader.stream().toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// (queries · documents) one column, query after query.
    double[] column(String name) {
        return rows.stream()
                .mapToDouble(row -> Double.parseDouble(row.getField(name)))
                .toArray();
    }

    /// (queries · documents) the scores in nats.
    double[] raw() {
        return column("raw");
    }

    /// One column as text.
    List<String> text(String name) {
        return rows.stream().map(row -> row.getField(name)).toList();
    }
}
