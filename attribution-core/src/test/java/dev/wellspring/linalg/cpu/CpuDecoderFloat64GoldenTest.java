package dev.wellspring.linalg.cpu;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.model.DecoderGoldenContract;
import dev.wellspring.tensor.DType;

class CpuDecoderFloat64GoldenTest extends DecoderGoldenContract {
    @Override
    protected LinearAlgebra backend() {
        return new CpuLinearAlgebra(RowParallel.serial());
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
