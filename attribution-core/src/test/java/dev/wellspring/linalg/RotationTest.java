package dev.wellspring.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RotationTest {
    private final LinearAlgebra reference = new ReferenceLinearAlgebra();
    private final Workspace waiting = new Workspace(reference);
    private final List<Double> copied = new ArrayList<>();
    private int awaited;
    private final LinearAlgebra algebra = watching();

    @AfterEach
    void close() {
        waiting.close();
        reference.close();
    }

    /// The reference backend, with the first number of each tensor that is copied beside the computing, and how
    /// many of these copies are awaited.
    private LinearAlgebra watching() {
        return (LinearAlgebra) Proxy.newProxyInstance(
                LinearAlgebra.class.getClassLoader(),
                new Class<?>[] {LinearAlgebra.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("copyBeside")) {
                        copied.add(first((Tensor) arguments[0]));
                    }
                    try {
                        Object result = method.invoke(reference, arguments);
                        return result instanceof Transfer ? (Transfer) () -> awaited++ : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void everyGroupHasItsNumbersInAnyOrder() {
        try (var rotation = new Rotation<>(algebra, DType.FLOAT32, groups(4))) {
            for (int key : new int[] {0, 1, 2, 3, 0, 1, 2, 3, 2, 2, 0, 3, 1, 0, 1, 2}) {
                List<Tensor> group = rotation.take(key);
                assertThat(group).hasSize(2);
                assertThat(group.get(0).shape()).containsExactly(2, 3 + key);
                assertThat(group.get(1).shape()).containsExactly(5);
                assertThat(first(group.get(0))).isEqualTo(10 * key);
                assertThat(first(group.get(1).rows(4, 5))).isEqualTo(10 * key + 1);
            }
        }
    }

    /// Once the order is known, a group is fetched when the one before it is taken, and only then.
    @Test
    void theNextGroupIsOnItsWayWhileOneIsTaken() {
        try (var rotation = new Rotation<>(algebra, DType.FLOAT32, groups(3))) {
            for (int key : new int[] {2, 0, 1}) {
                rotation.take(key);
            }
            assertThat(copied).containsExactly(20.0, 21.0, 0.0, 1.0, 10.0, 11.0);
            copied.clear();
            rotation.take(2); // out of turn as far as is known
            assertThat(copied).containsExactly(20.0, 21.0, 0.0, 1.0);
            copied.clear();
            rotation.take(0);
            assertThat(copied).containsExactly(10.0, 11.0);
            copied.clear();
            rotation.take(1);
            assertThat(copied).containsExactly(20.0, 21.0);
        }
    }

    @Test
    void whatIsFetchedForNothingIsAwaitedBeforeItsPlaceIsTaken() {
        try (var rotation = new Rotation<>(algebra, DType.FLOAT32, groups(4))) {
            for (int key : new int[] {0, 1, 2, 0}) {
                rotation.take(key); // the last one fetches 1 too
            }
            assertThat(copied).hasSize(10);
            assertThat(awaited).isEqualTo(8);
            rotation.take(3);
            assertThat(awaited).isEqualTo(12);
        }
    }

    @Test
    void twoGroupsStayWhereTheyAre() {
        try (var rotation = new Rotation<>(algebra, DType.FLOAT32, groups(2))) {
            for (int round = 0; round < 3; round++) {
                rotation.take(0);
                rotation.take(1);
            }
            assertThat(copied).hasSize(4);
        }
    }

    @Test
    void takesTwiceTheLargestGroup() {
        long bytes = Rotation.byteSize(DType.FLOAT32, List.of(new long[] {64, 1}, new long[] {65, 64}, new long[] {3}));
        assertThat(bytes).isEqualTo(2 * 4 * (128 + 64));
    }

    @Test
    void aGroupThatIsNotThereIsRefused() {
        try (var rotation = new Rotation<>(algebra, DType.FLOAT32, groups(2))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> rotation.take(7))
                    .withMessage("group: expected one of [0, 1], got 7");
        }
    }

    /// Group k has a matrix (2, 3 + k) full of 10·k and a vector (5) full of 10·k + 1.
    private Map<Integer, List<Tensor>> groups(int count) {
        Map<Integer, List<Tensor>> groups = new LinkedHashMap<>();
        for (int key = 0; key < count; key++) {
            Tensor matrix = waiting.allocateOffloaded(DType.FLOAT32, 2, 3 + key);
            Tensor vector = waiting.allocateOffloaded(DType.FLOAT32, 5);
            reference.fill(matrix, 10 * key);
            reference.fill(vector, 10 * key + 1);
            groups.put(key, List.of(matrix, vector));
        }
        return groups;
    }

    private double first(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.elementCount())];
        reference.download(tensor, MemorySegment.ofArray(values), DType.FLOAT64);
        return values[0];
    }
}
