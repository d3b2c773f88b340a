package dev.wellspring.linalg.nd4j;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.model.DecoderGoldenContract;
import dev.wellspring.tensor.DType;

class Nd4jDecoderFloat32GoldenTest extends DecoderGoldenContract {
    @Override
    protected LinearAlgebra backend() {
        return new Nd4jLinearAlgebra(RowParallel.serial());
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
