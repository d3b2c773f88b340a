package dev.wellspring.store.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataTableTest {
    @TempDir
    private Path folder;

    @Test
    void parquetIsReadBackByDuckDb() throws SQLException {
        DataTable table = DataTable.of("name", "count:whole", "share:number");
        table.add("a, \"b\"\nü", 1L << 40, 0.1);
        table.add(null, null, Double.NaN);
        for (int i = 0; i < 5000; i++) {
            table.add("row", i, -0.5 * i);
        }
        Path file = folder.resolve("it's a table.parquet");
        ParquetExport.write(table, file);
        List<List<Object>> read = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT * FROM '" + file.toString().replace("'", "''") + "'")) {
            assertThat(rows.getMetaData().getColumnTypeName(2)).isEqualTo("BIGINT");
            while (rows.next()) {
                read.add(Arrays.asList(rows.getObject(1), rows.getObject(2), rows.getObject(3)));
            }
        }
        assertThat(read).isEqualTo(table.rows());
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void valuesThatDoNotFitAreRefused() {
        DataTable table = DataTable.of("name", "count:whole");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.add("a", 0.5))
                .withMessage("count: expected WHOLE, got Double");
        assertThatIllegalArgumentException().isThrownBy(() -> table.add("a")).withMessage("values: expected 2, got 1");
        assertThatIllegalArgumentException().isThrownBy(() -> DataTable.of("x:date"));
    }
}
