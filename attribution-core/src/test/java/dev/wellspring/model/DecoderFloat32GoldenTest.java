package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;

class DecoderFloat32GoldenTest extends DecoderGoldenContract {
    @Override
    protected LinearAlgebra backend() {
        return new ReferenceLinearAlgebra();
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
