package dev.wellspring.linalg.cpu;

import dev.wellspring.influence.Bfloat16GoldenContract;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;

class CpuBfloat16GoldenTest extends Bfloat16GoldenContract {
    @Override
    protected LinearAlgebra backend() {
        return new CpuLinearAlgebra(RowParallel.serial());
    }
}
