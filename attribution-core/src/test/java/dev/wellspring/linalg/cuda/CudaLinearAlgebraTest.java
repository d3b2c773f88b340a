package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.LinearAlgebraContract;

class CudaLinearAlgebraTest extends LinearAlgebraContract {
    @Override
    protected LinearAlgebra create() {
        return CudaUnderTest.open();
    }

    @Override
    public boolean roundsProbabilities() {
        return true;
    }
}
