package dev.wellspring.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import org.junit.jupiter.api.Test;

class EigenbasisTest {
    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();

    @Test
    void decomposesTheMeanNotTheSum() {
        try (var work = new Workspace(algebra)) {
            Tensor sum = work.allocate(DType.FLOAT64, 2, 2);
            HostArrays.upload(algebra, new double[] {20, 0, 0, 10}, sum);
            try (var basis = Eigenbasis.ofSum(algebra, sum, 10)) {
                assertThat(HostArrays.download(algebra, basis.values())).containsExactly(1, 2);
            }
        }
    }

    @Test
    void bothTrianglesCountAlike() {
        try (var work = new Workspace(algebra)) {
            Tensor lopsided = work.allocate(DType.FLOAT64, 2, 2);
            HostArrays.upload(algebra, new double[] {2, 0, 2, 2}, lopsided);
            try (var basis = Eigenbasis.ofSum(algebra, lopsided, 1)) {
                double[] values = HostArrays.download(algebra, basis.values());
                assertThat(values).containsExactly(new double[] {1, 3}, within(1e-15));
            }
        }
    }

    @Test
    void aSumOfNoRowsIsRefused() {
        try (var work = new Workspace(algebra)) {
            Tensor sum = work.allocate(DType.FLOAT64, 2, 2);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Eigenbasis.ofSum(algebra, sum, 0))
                    .withMessage("count: expected at least 1 row, got 0");
        }
    }
}
