package dev.wellspring.linalg;

import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

class FarDotProductsTest extends DotProductsContract {
    private final List<LinearAlgebra> backends = new ArrayList<>();

    @Override
    protected DotProducts create(RowParallel parallel) {
        LinearAlgebra backend = FarAlgebra.over(new ReferenceLinearAlgebra());
        backends.add(backend);
        return new SeamDotProducts(backend, parallel);
    }

    @AfterAll
    void closeBackends() {
        backends.forEach(LinearAlgebra::close);
    }
}
