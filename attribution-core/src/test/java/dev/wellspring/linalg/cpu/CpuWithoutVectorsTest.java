package dev.wellspring.linalg.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.LinearAlgebraContract;
import dev.wellspring.linalg.RowParallel;
import org.junit.jupiter.api.Test;

/// The backend as it is in a JVM without vector instructions: rows go through the slow twin.
class CpuWithoutVectorsTest extends LinearAlgebraContract {
    @Override
    protected LinearAlgebra create() {
        return CpuLinearAlgebra.withoutVectors(RowParallel.serial());
    }

    @Test
    void theDescriptionSaysWhatIsMissing() {
        assertThat(algebra().description()).endsWith("no vector instructions: not asked for");
    }
}
