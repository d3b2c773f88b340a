package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.DecoderGoldenContract;
import dev.wellspring.tensor.DType;

class CudaDecoderFloat64GoldenTest extends DecoderGoldenContract {
    @Override
    protected LinearAlgebra backend() {
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
