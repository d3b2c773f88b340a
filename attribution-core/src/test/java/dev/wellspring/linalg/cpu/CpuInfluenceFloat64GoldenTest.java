package dev.wellspring.linalg.cpu;

import dev.wellspring.influence.InfluenceGoldenTest;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.tensor.DType;

class CpuInfluenceFloat64GoldenTest extends InfluenceGoldenTest {
    @Override
    protected LinearAlgebra algebra() {
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
