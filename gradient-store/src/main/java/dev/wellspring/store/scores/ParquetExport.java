package dev.wellspring.store.scores;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.jspecify.annotations.Nullable;

/// Lets DuckDB write Parquet: it pulls the rows, a few thousand at a time, out of a table function.
final class ParquetExport implements DuckDBTableFunction<ExportRows, ExportRows, ExportRows> {
    private final ExportRows rows;

    private ParquetExport(ExportRows rows) {
        this.rows = rows;
    }

    static void write(ExportRows rows, Path file) throws SQLException {
        String name = file.toString().replace("'", "''");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                DuckDBTableFunctionBuilder function = DuckDBFunctions.tableFunction()) {
            statement.execute("SET threads TO 1"); // the same rows, the same bytes
            function.withName("wellspring_scores")
                    .withFunction(new ParquetExport(rows))
                    .register(connection);
            statement.execute("COPY (SELECT * FROM wellspring_scores()) TO '" + name
                    + "' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
        }
    }

    @Override
    public ExportRows bind(DuckDBTableFunctionBindInfo info) {
        for (String text : ExportRows.TEXTS) {
            info.addResultColumn(text, String.class);
        }
        for (String number : ExportRows.NUMBERS) {
            info.addResultColumn(number, double.class);
        }
        return rows;
    }

    @Override
    public ExportRows init(DuckDBTableFunctionInitInfo info) {
        info.setMaxThreads(1);
        return rows;
    }

    /// Fills a chunk; a chunk of no rows is the end.
    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter chunk) {
        long row = 0;
        while (row < chunk.capacity() && rows.next()) {
            chunk.vector(0).setString(row, rows.query());
            chunk.vector(1).setString(row, rows.document());
            @Nullable String source = rows.source();
            if (source == null) {
                chunk.vector(2).setNull(row);
            } else {
                chunk.vector(2).setString(row, source);
            }
            int column = ExportRows.TEXTS.size();
            for (double number : rows.numbers()) {
                chunk.vector(column++).setDouble(row, number);
            }
            row++;
        }
        return row;
    }
}
