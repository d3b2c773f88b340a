package dev.wellspring.store.scores;

import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.List;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBWritableVector;
import org.jspecify.annotations.Nullable;

/// Lets DuckDB write Parquet: it pulls the rows, a few thousand at a time, out of a table function.
public final class ParquetExport implements DuckDBTableFunction<ParquetRows, ParquetRows, ParquetRows> {
    private final ParquetRows rows;

    private ParquetExport(ParquetRows rows) {
        this.rows = rows;
    }

    /// Writes a table, compressed with zstd; the file appears under its name when it is whole.
    ///
    /// @throws StoreFileException if it cannot be written
    public static void write(DataTable table, Path file) {
        Iterator<List<@Nullable Object>> rows = table.rows().iterator();
        write(
                new ParquetRows() {
                    @Override
                    public List<DataTable.Column> columns() {
                        return table.columns();
                    }

                    @Override
                    public @Nullable List<@Nullable Object> next() {
                        return rows.hasNext() ? rows.next() : null;
                    }
                },
                file);
    }

    /// The same of rows that stream.
    static void write(ParquetRows rows, Path file) {
        Path part = PartFile.part(file);
        try {
            try {
                copy(rows, part);
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

    private static void copy(ParquetRows rows, Path file) throws SQLException {
        String name = file.toString().replace("'", "''");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                DuckDBTableFunctionBuilder function = DuckDBFunctions.tableFunction()) {
            statement.execute("SET threads TO 1"); // the same rows, the same bytes
            function.withName("wellspring_rows")
                    .withFunction(new ParquetExport(rows))
                    .register(connection);
            statement.execute("COPY (SELECT * FROM wellspring_rows()) TO '" + name
                    + "' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
        }
    }

    @Override
    public ParquetRows bind(DuckDBTableFunctionBindInfo info) {
        for (DataTable.Column column : rows.columns()) {
            info.addResultColumn(
                    column.name(),
                    switch (column.type()) {
                        case TEXT -> String.class;
                        case WHOLE -> long.class;
                        case NUMBER -> double.class;
                    });
        }
        return rows;
    }

    @Override
    public ParquetRows init(DuckDBTableFunctionInitInfo info) {
        info.setMaxThreads(1);
        return rows;
    }

    /// Fills a chunk; a chunk of no rows is the end.
    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter chunk) {
        long row = 0;
        while (row < chunk.capacity()) {
            List<@Nullable Object> values = rows.next();
            if (values == null) {
                break;
            }
            for (int column = 0; column < values.size(); column++) {
                set(chunk.vector(column), row, values.get(column));
            }
            row++;
        }
        return row;
    }

    private static void set(DuckDBWritableVector vector, long row, @Nullable Object value) {
        switch (value) {
            case null -> vector.setNull(row);
            case Double number -> vector.setDouble(row, number);
            case Long whole -> vector.setLong(row, whole);
            default -> vector.setString(row, value.toString());
        }
    }
}
