package dev.wellspring.queries.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/// The rows of a Parquet file, in its order, through DuckDB: one thread, a streamed result, no temporary files, no
/// network. DuckDB hands each row over as a JSON object. Rows are numbered from 1.
final class ParquetRows implements Rows {
    private static final String MEMORY = "2GB";

    private final String label;
    private final String table;
    private final Connection connection;
    private long row;
    private @Nullable ResultSet rows;

    ParquetRows(Path file, String label, Content content) {
        this.label = label;
        this.table = "read_parquet('" + literal(file) + "', hive_partitioning = false)";
        try {
            connection = new DuckDBDriver().connect("jdbc:duckdb:", settings());
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not start: " + e.getMessage(), e);
        }
        try {
            requireColumns(content);
        } catch (RuntimeException e) {
            throw Rows.closeAfter(e, this::close);
        }
    }

    @Override
    public @Nullable Fields read() {
        try {
            ResultSet rows = this.rows == null ? open() : this.rows;
            if (!rows.next()) {
                return null;
            }
            row++;
            String line = rows.getString(1);
            return new Fields(label + ":" + row, object(line), line);
        } catch (SQLException e) {
            throw damaged(e);
        }
    }

    /// Before the first read. Decodes the skipped columns' pages at most, at about a gigabyte per second.
    @Override
    public long skip(long count) {
        try (Statement statement = connection.createStatement();
                ResultSet total = statement.executeQuery("SELECT count(*) FROM " + table)) {
            total.next();
            row = Math.min(count, total.getLong(1));
            return row;
        } catch (SQLException e) {
            throw damaged(e);
        }
    }

    @Override
    public void close() {
        try (connection) {
            if (rows != null) {
                rows.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(label + ": DuckDB does not close: " + e.getMessage(), e);
        }
    }

    private ResultSet open() throws SQLException {
        Statement statement = connection.createStatement();
        statement.closeOnCompletion();
        ResultSet opened = statement.executeQuery("SELECT to_json(t)::VARCHAR FROM " + table + " t OFFSET " + row);
        rows = opened;
        return opened;
    }

    private void requireColumns(Content content) {
        Map<String, String> types = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM " + table)) {
            while (columns.next()) {
                types.put(columns.getString(1), columns.getString(2));
            }
        } catch (SQLException e) {
            throw damaged(e);
        }
        content.require(label, types.keySet());
        if (content != Content.QUERIES && "BLOB".equals(types.get("text"))) {
            throw CorpusException.at(
                    label + ":text", "a column of texts", "bytes", "write the column with the string type");
        }
    }

    private static ObjectNode object(String json) {
        try {
            JsonNode value = Json.parse(json);
            return (ObjectNode) value;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("DuckDB's JSON cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private CorpusException damaged(SQLException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return CorpusException.at(
                row == 0 ? label : label + ":" + (row + 1),
                "a whole Parquet file",
                "damage: " + message,
                "copy or write it again",
                e);
    }

    private static Properties settings() {
        var settings = new Properties();
        settings.setProperty("jdbc_stream_results", "true");
        settings.setProperty("threads", "1");
        settings.setProperty("memory_limit", MEMORY);
        settings.setProperty("temp_directory", "");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        return settings;
    }

    /// The path as a pattern that only the file itself matches, within quotes.
    private static String literal(Path file) {
        return file.toAbsolutePath().toString().replaceAll("[\\[*?]", "[$0]").replace("'", "''");
    }
}
