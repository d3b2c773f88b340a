package dev.wellspring.linalg.cuda;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.cuda.library.LibraryPaths;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;

/// The backend that tests get.
final class CudaUnderTest {
    private CudaUnderTest() {}

    static LinearAlgebra open() {
        return switch (Gpu.open(LibraryPaths.ofSystem(), 0)) {
            case Gpu.Opened(Gpu gpu) -> new CudaLinearAlgebra(gpu, new ReferenceLinearAlgebra());
            case Gpu.Absent(String reason) -> abort(reason);
        };
    }
}
