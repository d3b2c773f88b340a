package dev.wellspring.linalg.cuda;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.cuda.library.LibraryPaths;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import java.util.ArrayList;
import java.util.List;

/// The backend that tests get: on a GPU where there is one, else on a CUDA of plain C++, else the test is skipped.
public final class CudaUnderTest {
    private CudaUnderTest() {}

    /// A new backend, which the caller closes.
    public static LinearAlgebra open() {
        return open(Gpu.Float32Products.EXACT);
    }

    /// The same for products of that kind.
    static CudaLinearAlgebra open(Gpu.Float32Products products) {
        return new CudaLinearAlgebra(gpu(products), new ReferenceLinearAlgebra());
    }

    /// A device, which the caller closes.
    static Gpu gpu(Gpu.Float32Products products) {
        return switch (Gpu.open(LibraryPaths.ofSystem(), 0, products)) {
            case Gpu.Opened(Gpu real) -> real;
            case Gpu.Absent _ -> emulated(EmulatedCuda.USUAL, products);
        };
    }

    /// A device of the CUDA of plain C++, or the test is skipped; the caller closes it.
    static Gpu emulated(EmulatedCuda.Configuration configuration) {
        return emulated(configuration, Gpu.Float32Products.EXACT);
    }

    /// The same for products of that kind.
    static Gpu emulated(EmulatedCuda.Configuration configuration, Gpu.Float32Products products) {
        EmulatedCuda cuda = EmulatedCuda.orSkip();
        cuda.configure(configuration);
        Gpu.Opening opening = Gpu.open(
                cuda.paths(),
                0,
                products,
                KernelSources.ofResources(),
                new KernelCache(cuda.folder().resolve("kernels")));
        return switch (opening) {
            case Gpu.Opened(Gpu gpu) -> gpu;
            case Gpu.Absent(String reason) -> abort(reason);
        };
    }

    /// Backends on several devices of the CUDA of plain C++, or the test is skipped; the caller closes them.
    public static List<LinearAlgebra> openSeveral(int devices) {
        EmulatedCuda cuda = EmulatedCuda.orSkip();
        EmulatedCuda.Configuration usual = EmulatedCuda.USUAL;
        cuda.configure(new EmulatedCuda.Configuration(
                devices, usual.computeCapability(), usual.driverVersion(), usual.memory()));
        List<LinearAlgebra> backends = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            switch (Gpu.open(cuda.paths(), device)) {
                case Gpu.Opened(Gpu gpu) -> backends.add(new CudaLinearAlgebra(gpu, new ReferenceLinearAlgebra()));
                case Gpu.Absent(String reason) -> {
                    backends.forEach(LinearAlgebra::close);
                    abort(reason);
                }
            }
        }
        cuda.configure(usual);
        return backends;
    }
}
