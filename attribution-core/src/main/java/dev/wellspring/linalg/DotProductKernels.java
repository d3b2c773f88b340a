package dev.wellspring.linalg;

import dev.wellspring.linalg.cpu.VectorDotProducts;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Tensor;
import java.util.Optional;

/// Picks an implementation of [DotProducts] and says why.
///
/// The rule: the vector kernel wherever it can run, unless the backend computes on a device. Measured on two
/// cores of a Zen 3 server (AVX2), documents of 4,096 dimensions, against the seam on nd4j: 119 to 129 GFLOP/s
/// with 100 queries where the seam has 111 to 114 and its bare product 129 to 133; 22 to 28 GB/s with one
/// query where the seam has 3 to 13
/// (`docs/performance/dot-products.md`). What the vector kernel loses is the first second, in which it is compiled.
public final class DotProductKernels {
    /// The word that leaves the choice to [#open].
    public static final String AUTO = "auto";

    private static final String MODULE = "jdk.incubator.vector";

    /// The registers of processors that are known to have a fused multiply-add: without one the Vector API
    /// emulates it, a thousand times slower.
    private static final int AVX2_BITS = 256;

    private DotProductKernels() {}

    /// A kernel, which the caller closes, and in one line why it was taken.
    public record Opened(DotProducts products, String why) {}

    /// Opens a kernel.
    ///
    /// @param choice `auto`, `vector` or `seam`
    /// @param algebra the backend that the seam's kernel multiplies with; it outlives the kernel
    /// @param parallel spreads documents over threads
    /// @throws IllegalArgumentException for another word, or a kernel that cannot be had
    public static Opened open(String choice, LinearAlgebra algebra, RowParallel parallel) {
        return switch (choice) {
            case AUTO -> openFastest(algebra, parallel);
            case VectorDotProducts.NAME -> {
                Optional<String> lack = lackForVectors();
                if (lack.isPresent()) {
                    throw new IllegalArgumentException("kernel " + VectorDotProducts.NAME + ": " + lack.get() + "; use "
                            + AUTO + " or " + SeamDotProducts.NAME);
                }
                yield new Opened(new VectorDotProducts(parallel), "asked for");
            }
            case SeamDotProducts.NAME -> new Opened(new SeamDotProducts(algebra, parallel), "asked for");
            default ->
                throw new IllegalArgumentException("kernel: expected " + AUTO + ", " + VectorDotProducts.NAME + " or "
                        + SeamDotProducts.NAME + ", got " + choice);
        };
    }

    private static Opened openFastest(LinearAlgebra algebra, RowParallel parallel) {
        if (onDevice(algebra)) {
            return new Opened(
                    new SeamDotProducts(algebra, parallel), "the backend " + algebra.name() + " computes on a device");
        }
        return lackForVectors()
                .map(lack -> new Opened(new SeamDotProducts(algebra, parallel), lack))
                .orElseGet(() -> new Opened(
                        new VectorDotProducts(parallel),
                        VectorDotProducts.registerBits() + "-bit vector instructions read documents where they lie"));
    }

    private static boolean onDevice(LinearAlgebra algebra) {
        try (Tensor tensor = algebra.allocate(DType.FLOAT32, 0)) {
            return !(tensor.memory() instanceof HostMemory);
        }
    }

    /// What keeps kernels in vector instructions from running here, in words, or nothing.
    public static Optional<String> lackForVectors() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.of("expected a JVM with the module " + MODULE
                    + ", got one without; give it the option --add-modules " + MODULE);
        }
        int bits = VectorDotProducts.registerBits();
        if (bits < AVX2_BITS && !System.getProperty("os.arch").equals("aarch64")) {
            return Optional.of("expected vector registers of at least " + AVX2_BITS + " bits, got " + bits);
        }
        return Optional.empty();
    }
}
