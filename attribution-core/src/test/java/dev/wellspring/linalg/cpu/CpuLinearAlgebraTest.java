package dev.wellspring.linalg.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.LinearAlgebraContract;
import dev.wellspring.linalg.RowParallel;
import org.junit.jupiter.api.Test;

class CpuLinearAlgebraTest extends LinearAlgebraContract {
    @Override
    protected LinearAlgebra create() {
        return new CpuLinearAlgebra(RowParallel.serial());
    }

    @Test
    void theDescriptionNamesTheLibraryAndItsKernels() {
        assertThat(algebra().description())
                .startsWith("OpenBLAS 0.3.31 ")
                .endsWith(Vectors.FLOATS.vectorBitSize() + "-bit vector instructions");
    }
}
