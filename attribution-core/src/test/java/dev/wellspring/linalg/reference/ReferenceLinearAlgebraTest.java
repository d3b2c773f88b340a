package dev.wellspring.linalg.reference;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.LinearAlgebraContract;

class ReferenceLinearAlgebraTest extends LinearAlgebraContract {
    @Override
    protected LinearAlgebra create() {
        return new ReferenceLinearAlgebra();
    }

    @Override
    protected boolean isExactPerRow() {
        return true;
    }
}
