package dev.wellspring.cli.report;

import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.store.arrow.StoreFileException;
import dev.wellspring.store.scores.DataTable;
import dev.wellspring.store.scores.ParquetExport;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SequencedMap;

/// Findings in every form that a verb offers.
public interface FindingsView {
    /// A width that nothing has to be cut for.
    int UNLIMITED = Integer.MAX_VALUE;

    /// For people.
    ///
    /// @param width columns of the terminal; [#UNLIMITED] where there is none
    void print(PrintStream out, int width);

    /// Everything, by name; the last table is the longest one, which CSV and Parquet have.
    SequencedMap<String, DataTable> tables();

    /// Everything, for programs.
    default void json(PrintStream out) {
        FindingsWriter.json(tables(), out);
    }

    /// Writes to a stream.
    ///
    /// @param format not Parquet, which is a file
    /// @param width columns of the terminal; [#UNLIMITED] where there is none
    default void write(TableFormat format, PrintStream out, int width) {
        switch (format) {
            case TABLE -> print(out, width);
            case JSON -> json(out);
            case CSV -> FindingsWriter.csv(tables().lastEntry().getValue(), out);
            case PARQUET -> throw new IllegalArgumentException("format: expected one for streams, got parquet");
        }
    }

    /// Writes a file, which appears under its name when it is whole.
    ///
    /// @throws StoreFileException if it cannot be written
    default void write(TableFormat format, Path file) {
        if (format == TableFormat.PARQUET) {
            ParquetExport.write(tables().lastEntry().getValue(), file);
            return;
        }
        try (var part = new PartFile(file)) {
            var out = new PrintStream(part.stream(), false, StandardCharsets.UTF_8);
            write(format, out, UNLIMITED);
            out.flush();
            part.commit();
        }
    }
}
