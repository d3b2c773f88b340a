package dev.wellspring.linalg.cuda;

import dev.wellspring.influence.InfluenceGoldenTest;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;

class CudaInfluenceFloat64GoldenTest extends InfluenceGoldenTest {
    @Override
    protected LinearAlgebra algebra() {
        return CudaUnderTest.open();
    }

    @Override
    protected DType type() {
        return DType.FLOAT64;
    }

    @Override
    protected double tolerance() {
        return 1e-9;
    }
}
