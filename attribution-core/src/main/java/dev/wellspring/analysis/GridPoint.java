package dev.wellspring.analysis;

import java.util.function.IntUnaryOperator;

/// A problem with two whole-number operands, as in Leave-Square-Out (arXiv 2402.17709): a point of a grid.
public record GridPoint(int a, int b) {
    /// Chebyshev's: the larger of the differences of the two operands.
    public int distance(GridPoint other) {
        return Math.max(Math.abs(a - other.a), Math.abs(b - other.b));
    }

    /// To the nearer of a point and, where the operands may change places, its mirror image.
    public int distance(GridPoint other, boolean commutes) {
        return commutes ? Math.min(distance(other), mirrored().distance(other)) : distance(other);
    }

    /// The operands in the other order.
    public GridPoint mirrored() {
        return new GridPoint(b, a);
    }

    /// Whether both operands end with the digits of the other's.
    public boolean sharesUnits(GridPoint other, boolean commutes) {
        return shares(other, commutes, operand -> operand % 10);
    }

    /// Whether both operands have as many tens as the other's.
    public boolean sharesTens(GridPoint other, boolean commutes) {
        return shares(other, commutes, operand -> operand / 10);
    }

    private boolean shares(GridPoint other, boolean commutes, IntUnaryOperator part) {
        int ofA = part.applyAsInt(a);
        int ofB = part.applyAsInt(b);
        int otherA = part.applyAsInt(other.a);
        int otherB = part.applyAsInt(other.b);
        return (ofA == otherA && ofB == otherB) || (commutes && ofA == otherB && ofB == otherA);
    }
}
