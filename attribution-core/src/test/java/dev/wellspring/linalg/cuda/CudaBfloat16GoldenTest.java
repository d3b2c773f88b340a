package dev.wellspring.linalg.cuda;

import dev.wellspring.influence.Bfloat16GoldenContract;
import dev.wellspring.linalg.LinearAlgebra;

class CudaBfloat16GoldenTest extends Bfloat16GoldenContract {
    @Override
    protected LinearAlgebra backend() {
        return CudaUnderTest.open();
    }
}
