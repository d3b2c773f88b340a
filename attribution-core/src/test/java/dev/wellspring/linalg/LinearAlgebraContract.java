package dev.wellspring.linalg;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// What every backend must do, one part per group of operations. The expected numbers are computed in the tests, in
/// float64, from the operands as stored; gradients are checked against finite differences. After each test the rims
/// around all operands, and all inputs, must be untouched.
@TestInstance(Lifecycle.PER_CLASS)
public abstract class LinearAlgebraContract
        implements MemoryContract,
                ProductsContract,
                ElementsContract,
                LayersContract,
                AttentionContract,
                LossContract,
                DecompositionContract {
    private Lab lab;

    /// The backend under test; one instance serves the whole class.
    protected abstract LinearAlgebra create();

    /// Whether a row's result does not depend on the other rows bit for bit, and sums cut into several calls keep
    /// their bits. The others must agree within rounding.
    protected boolean isExactPerRow() {
        return false;
    }

    @Override
    public final Lab lab() {
        return lab;
    }

    @Override
    public final boolean exactPerRow() {
        return isExactPerRow();
    }

    @BeforeAll
    final void open() {
        lab = new Lab(create());
    }

    @BeforeEach
    final void start() {
        lab.start();
    }

    @AfterEach
    final void nothingElseWasTouched() {
        lab.checkAndRelease();
    }

    @AfterAll
    final void close() {
        if (lab != null) { // not where there is no such backend, and the suite was skipped
            lab.algebra().close();
        }
    }
}
