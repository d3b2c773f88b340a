package dev.wellspring.linalg.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.linalg.DotProducts;
import dev.wellspring.linalg.DotProducts.Panel;
import dev.wellspring.linalg.DotProductsContract;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.StoredRows;
import dev.wellspring.linalg.StoredRows.Numbers;
import dev.wellspring.tensor.Precision;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorDotProductsTest extends DotProductsContract {
    @Override
    protected DotProducts create(RowParallel parallel) {
        return new VectorDotProducts(parallel);
    }

    /// The first calls are interpreted, the last ones are machine code.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void compilationChangesNoBit(Precision precision) {
        for (int queries : List.of(1, 4, 8, 20)) {
            var documents = new StoredRows(precision, 40, 300, Numbers.REAL, 12);
            double[] q = StoredRows.queries(queries, 300, Numbers.REAL, 13);
            double[] first = new double[40 * queries];
            try (var kernel = create(RowParallel.serial());
                    Panel panel = kernel.prepare(q, queries, 300, precision)) {
                kernel.accumulate(documents.values(), precision, documents.scales(), 40, panel, first);
                double[] again = new double[first.length];
                for (int call = 0; call < 400; call++) {
                    Arrays.fill(again, 0);
                    kernel.accumulate(documents.values(), precision, documents.scales(), 40, panel, again);
                    assertThat(again).as("call %d", call).containsExactly(first);
                }
            }
        }
    }
}
