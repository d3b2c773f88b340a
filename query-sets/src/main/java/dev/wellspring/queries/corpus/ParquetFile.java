package dev.wellspring.queries.corpus;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBDriver;

/// Writes Parquet through DuckDB: one thread, rows in order, compressed with zstd.
public final class ParquetFile {
    private static final String MEMORY = "1GB";

    private ParquetFile() {}

    /// Turns JSON Lines into Parquet, streaming.
    ///
    /// @param lines the file to read
    /// @param columns name and SQL type of each column, in order
    /// @param target the file to write
    /// @throws CorpusException if it cannot be written
    public static void write(Path lines, Map<String, String> columns, Path target) {
        String types = columns.entrySet().stream()
                .map(column -> "\"" + column.getKey() + "\": '" + column.getValue() + "'")
                .collect(Collectors.joining(", ", "{", "}"));
        try (Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", settings());
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (SELECT * FROM read_json('" + quoted(pattern(lines))
                    + "', format = 'newline_delimited', compression = 'none', columns = " + types + ")) TO '"
                    + quoted(target.toAbsolutePath().toString()) + "' (FORMAT parquet, COMPRESSION zstd)");
        } catch (SQLException e) {
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw CorpusException.at(
                    target.toString(), "a Parquet file to be written", message, "check the folder and its disk", e);
        }
    }

    private static Properties settings() {
        var settings = new Properties();
        settings.setProperty("threads", "1");
        settings.setProperty("memory_limit", MEMORY);
        settings.setProperty("temp_directory", "");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        return settings;
    }

    /// The path as a pattern that only the file itself matches.
    private static String pattern(Path file) {
        return file.toAbsolutePath().toString().replaceAll("[\\[*?]", "[$0]");
    }

    private static String quoted(String text) {
        return text.replace("'", "''");
    }
}
