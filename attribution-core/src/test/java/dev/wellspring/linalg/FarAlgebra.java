package dev.wellspring.linalg;

import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Memory;
import dev.wellspring.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/// A backend whose tensors cannot be touched where they lie, as on a device: it hands every operation to another one.
final class FarAlgebra {
    private final LinearAlgebra near;

    private FarAlgebra(LinearAlgebra near) {
        this.near = near;
    }

    private record FarMemory(HostMemory host) implements Memory {
        @Override
        public long byteSize() {
            return host.byteSize();
        }

        @Override
        public void close() {
            host.close();
        }
    }

    /// Closing it closes `near`.
    static LinearAlgebra over(LinearAlgebra near) {
        var far = new FarAlgebra(near);
        return (LinearAlgebra) Proxy.newProxyInstance(
                LinearAlgebra.class.getClassLoader(),
                new Class<?>[] {LinearAlgebra.class},
                (proxy, method, arguments) -> far.answer(method, arguments));
    }

    private Object answer(Method method, Object[] arguments) throws Throwable {
        Object[] translated = arguments == null
                ? new Object[0]
                : Arrays.stream(arguments)
                        .map(one -> one instanceof Tensor tensor ? near(tensor) : one)
                        .toArray();
        try {
            Object result = method.invoke(near, translated);
            if (result instanceof Tensor tensor && tensor.memory() instanceof HostMemory host) {
                return Tensor.of(new FarMemory(host), tensor.type(), tensor.shape());
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /// The same elements in host memory, for matrices and contiguous tensors.
    private static Tensor near(Tensor tensor) {
        HostMemory host = ((FarMemory) tensor.memory()).host();
        if (tensor.isContiguous()) {
            long end = tensor.offset() + tensor.elementCount();
            return Tensor.of(host, tensor.type(), end)
                    .slice(0, tensor.offset(), end)
                    .reshape(tensor.shape());
        }
        if (tensor.stride(1) != 1) {
            return near(tensor.transposed()).transposed();
        }
        long width = tensor.stride(0);
        long row = tensor.offset() / width;
        long column = tensor.offset() % width;
        return Tensor.of(host, tensor.type(), row + tensor.size(0), width)
                .rows(row, row + tensor.size(0))
                .columns(column, column + tensor.size(1));
    }
}
