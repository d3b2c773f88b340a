package dev.wellspring.linalg.nd4j;

import dev.wellspring.linalg.DotProducts;
import dev.wellspring.linalg.DotProductsContract;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.SeamDotProducts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

class Nd4jDotProductsTest extends DotProductsContract {
    private final List<LinearAlgebra> backends = new ArrayList<>();

    @Override
    protected DotProducts create(RowParallel parallel) {
        LinearAlgebra backend = new Nd4jLinearAlgebra(parallel);
        backends.add(backend);
        return new SeamDotProducts(backend, parallel);
    }

    @Override
    protected boolean isExactPerDocument() {
        return false;
    }

    @AfterAll
    void closeBackends() {
        backends.forEach(LinearAlgebra::close);
    }
}
