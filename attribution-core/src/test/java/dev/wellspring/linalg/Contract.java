package dev.wellspring.linalg;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What the parts of the suite share.
public interface Contract {
    /// Sizes around the lane widths of vector units, and none.
    List<Integer> SIZES = List.of(0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65);

    /// Makes operands and judges results.
    Lab lab();

    /// See [LinearAlgebraContract#isExactPerRow].
    boolean exactPerRow();

    /// The backend under test.
    default LinearAlgebra algebra() {
        return lab().algebra();
    }

    /// What each number that attention adds up may be off by, relative to 1.
    default double attentionRounding(DType type) {
        return type == DType.BFLOAT16 && roundsProbabilities() ? 0x1p-8 / 48 : 4 * Lab.arithmetic(type);
    }

    /// Whether probabilities p of BFLOAT16 models are rounded to it before they are multiplied, half a unit of 2⁻⁸
    /// each. They add up to 1 in a row, so what is added up is off by no more than that of the largest value; the
    /// sizes of the contract are about 60 on average.
    default boolean roundsProbabilities() {
        return algebra().operandType(DType.BFLOAT16) == DType.BFLOAT16;
    }

    /// A result computed alone is the one computed among others: bit for bit, or within rounding.
    default void assertSameInCompany(Tensor alone, double[] together, double tolerance) {
        if (exactPerRow()) {
            lab().assertSame(alone, together);
        } else {
            lab().assertHolds(alone, together, tolerance);
        }
    }

    /// The call fails and says which operand, what was expected, and what it got.
    static void assertRefuses(ThrowingCallable call, String name, String expected, String actual) {
        assertThatIllegalArgumentException()
                .isThrownBy(call)
                .withMessageContaining(name)
                .withMessageContaining(expected)
                .withMessageContaining(actual);
    }

    /// Two runs of one call give the same bits.
    static void assertRepeats(Supplier<double[]> call) {
        double[] first = call.get();
        double[] second = call.get();
        if (!Arrays.equals(first, second)) {
            throw new AssertionError(
                    "expected the same bits twice, got " + Arrays.toString(first) + " and " + Arrays.toString(second));
        }
    }
}
