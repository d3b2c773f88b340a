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
        work.run();
        return calls;
    }

    private Object count(Method method, Object[] arguments) throws Throwable {
        calls.merge(method.getName(), 1, Integer::sum);
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
