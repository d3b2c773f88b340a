package dev.wellspring.linalg.cuda;

import dev.wellspring.influence.InfluenceGoldenTest;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;

class CudaInfluenceFloat32GoldenTest extends InfluenceGoldenTest {
    @Override
    protected LinearAlgebra algebra() {
        return CudaUnderTest.open();
    }

    @Override
    protected DType type() {
        return DType.FLOAT32;
    }

    @Override
    protected double tolerance() {
        return 2e-5;
    }
}
