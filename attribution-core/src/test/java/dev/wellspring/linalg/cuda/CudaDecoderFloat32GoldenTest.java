package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.DecoderGoldenContract;
import dev.wellspring.tensor.DType;

class CudaDecoderFloat32GoldenTest extends DecoderGoldenContract {
    @Override
    protected LinearAlgebra backend() {
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
