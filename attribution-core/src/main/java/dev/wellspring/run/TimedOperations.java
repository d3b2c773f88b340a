package dev.wellspring.run;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A backend whose operations are timed, each under its name in the seam, in the stage that runs: what `--metrics`
/// tells. Where a backend computes beside its caller, as a GPU does, each operation is waited for, so that its
/// time is its own, and the whole takes somewhat longer. Times of several threads and devices add up.
public final class TimedOperations {
    /// Floating-point operations of a symmetric eigendecomposition of n rows, in n³: 4/3 for the reduction, as
    /// much to divide and conquer, 2 to bring the vectors back.
    public static final double EIGENDECOMPOSITION = 14.0 / 3;

    private static final String NORMS = "addGradientNorms";
    private static final String SQUARED_PRODUCTS = "addSquaredProducts";

    /// They answer whether they did anything.
    private static final Set<String> ANSWERING = Set.of(NORMS, SQUARED_PRODUCTS);

    private TimedOperations() {}

    /// The same backend; whoever closes it closes `algebra`.
    public static LinearAlgebra of(LinearAlgebra algebra, Metrics metrics) {
        return (LinearAlgebra) Proxy.newProxyInstance(
                LinearAlgebra.class.getClassLoader(),
                new Class<?>[] {LinearAlgebra.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("equals") && method.getParameterCount() == 1) {
                        return proxy == arguments[0];
                    }
                    long begin = System.nanoTime();
                    Object result = invoke(algebra, method, arguments);
                    if (isOperation(method) && !Boolean.FALSE.equals(result)) {
                        algebra.finish();
                        metrics.called(method.getName(), System.nanoTime() - begin, flop(method, arguments));
                    }
                    return result;
                });
    }

    private static @Nullable Object invoke(LinearAlgebra algebra, Method method, @Nullable Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(algebra, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause() == null ? failure : failure.getCause();
        }
    }

    /// What computes or moves returns nothing; what allocates returns a tensor. The rest answers questions, or, as
    /// copies beside the computing, is waited for in others.
    private static boolean isOperation(Method method) {
        return (method.getReturnType() == void.class && method.getParameterCount() > 0)
                || method.getReturnType() == Tensor.class
                || ANSWERING.contains(method.getName());
    }

    /// Multiplications and additions of products, half of them where the result is symmetric, and of
    /// eigendecompositions (14/3 n³).
    private static double flop(Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "gemm", "batchedGemm" -> {
                Tensor a = (Tensor) arguments[1];
                double depth = (double) a.size(a.rank() - 1);
                double elements = (double) ((Tensor) arguments[4]).elementCount();
                yield 2 * depth * elements;
            }
            case SQUARED_PRODUCTS -> {
                Tensor a = (Tensor) arguments[0];
                yield 2.0 * a.size(0) * a.size(2) * ((Tensor) arguments[2]).elementCount();
            }
            case "rankUpdate", "lowerRankUpdate" -> {
                Tensor x = (Tensor) arguments[1];
                yield (double) x.size(0) * x.size(1) * (x.size(1) + 1);
            }
            case NORMS -> {
                double columns = (double) ((Tensor) arguments[0]).size(1) + ((Tensor) arguments[1]).size(1);
                Segments segments = (Segments) arguments[2];
                yield IntStream.range(0, segments.count())
                        .mapToDouble(document -> Math.pow(segments.length(document), 2) * columns)
                        .sum();
            }
            case "eigh" -> {
                List<?> matrices = arguments[0] instanceof List<?> several ? several : List.of(arguments[0]);
                yield matrices.stream()
                        .mapToDouble(a -> EIGENDECOMPOSITION * Math.pow((double) ((Tensor) a).size(0), 3))
                        .sum();
            }
            default -> 0;
        };
    }
}
