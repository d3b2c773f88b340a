package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.LinearAlgebraContract;
import dev.wellspring.tensor.DType;

class CudaLinearAlgebraTest extends LinearAlgebraContract {
    @Override
    protected LinearAlgebra create() {
        return CudaUnderTest.open();
    }

    /// Probabilities p of BFLOAT16 models are rounded to it, half a unit of 2⁻⁸ each. They add up to 1 in a row, so
    /// what is added up is off by no more than that of the largest value; the sizes here are about 60 on average.
    @Override
    public double attentionRounding(DType type) {
        return type == DType.BFLOAT16 ? 0x1p-8 / 48 : super.attentionRounding(type);
    }
}
