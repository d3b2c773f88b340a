package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/// The reference backend with a count of what is asked of it.
final class CountingAlgebra implements AutoCloseable {
    private final LinearAlgebra reference = new ReferenceLinearAlgebra();
    private final LinearAlgebra algebra = (LinearAlgebra) Proxy.newProxyInstance(
            LinearAlgebra.class.getClassLoader(),
            new Class<?>[] {LinearAlgebra.class},
            (proxy, method, arguments) -> count(method, arguments));
    private Map<String, Integer> calls = new HashMap<>();
    private long allocatedBytes;
    private long operations;
    private long bytes;

    LinearAlgebra algebra() {
        return algebra;
    }

    /// The bytes of all tensors allocated so far.
    long allocatedBytes() {
        return allocatedBytes;
    }

    /// How often each operation is called while `work` runs.
    Map<String, Integer> during(Runnable work) {
        calls = new HashMap<>();
        operations = 0;
        bytes = 0;
        work.run();
        return calls;
    }

    /// Multiplications and additions of products in the last [#during]; attention counts none.
    long operations() {
        return operations;
    }

    /// Bytes that its operations read and wrote, but for embeddings, attention and the norms' own weights: every
    /// operand once, and a result once more where it is added to.
    long bytes() {
        return bytes;
    }

    private void measure(String operation, Object[] arguments) {
        switch (operation) {
            case "gemm" -> {
                Tensor a = (Tensor) arguments[1];
                operations += 2 * a.elementCount() * ((Tensor) arguments[2]).size(1);
                move(arguments[3], arguments, 1, 2, 4);
            }
            case "copy" -> move(0.0, arguments, 0, 1);
            case "add" -> move(1.0, arguments, 1, 2);
            case "normForward" -> move(0.0, arguments, 2, 5);
            case "normBackward" -> move(arguments[5], arguments, 1, 2, 6);
            case "activationForward" -> move(0.0, arguments, 1, 2);
            case "activationBackward" -> move(0.0, arguments, 1, 2, 3);
            case "gatedForward" -> move(0.0, arguments, 1, 2, 3);
            case "gatedBackward" -> move(0.0, arguments, 1, 2, 3, 4, 5);
            case "rotary" -> move(0.0, arguments, 0, 0);
            case "crossEntropy" -> move(0.0, arguments, 0, 0);
            case "sampleLabels" -> move(0.0, arguments, 0);
            default -> {}
        }
    }

    /// @param beta whether the last of the tensors is read before it is written
    private void move(Object beta, Object[] arguments, int... tensors) {
        for (int place : tensors) {
            bytes += byteSize(arguments[place]);
        }
        if ((double) beta != 0) {
            bytes += byteSize(arguments[tensors[tensors.length - 1]]);
        }
    }

    private static long byteSize(Object tensor) {
        return ((Tensor) tensor).elementCount() * ((Tensor) tensor).type().byteSize();
    }

    private Object count(Method method, Object[] arguments) throws Throwable {
        calls.merge(method.getName(), 1, Integer::sum);
        measure(method.getName(), arguments);
        try {
            Object result = method.invoke(reference, arguments);
            if (result instanceof Tensor tensor) {
                allocatedBytes += tensor.elementCount() * tensor.type().byteSize();
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        reference.close();
    }
}
