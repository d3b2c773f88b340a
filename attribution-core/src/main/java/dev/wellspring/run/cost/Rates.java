package dev.wellspring.run.cost;

/// How fast a processor is at its best.
///
/// @param operations multiplications and additions a second of products of narrow numbers
/// @param wideOperations of products with a FLOAT32 or FLOAT64 operand
/// @param bandwidth bytes a second between memory and processor
public record Rates(double operations, double wideOperations, double bandwidth) {
    /// Bytes a second between a device and its host, where nobody says otherwise: four fifths of the 63 GB/s
    /// of PCIe 5 with 16 lanes. Arithmetic, not a measurement.
    public static final double HOST_BANDWIDTH = 50e9;

    /// What holds work up.
    public enum Bound {
        OPERATIONS,
        BYTES
    }

    public Rates {
        if (!(operations > 0 && wideOperations > 0 && bandwidth > 0)) {
            throw new IllegalArgumentException(
                    "rates: expected three above 0, got " + operations + ", " + wideOperations + " and " + bandwidth);
        }
    }

    /// The least that work takes, in seconds, if all products were done at the rate of narrow ones: the longer of
    /// computing and moving, which overlap at best.
    public double floor(Cost cost) {
        return Math.max(cost.allOperations() / operations, cost.bytes() / bandwidth);
    }

    /// The same with wide products at their own rate.
    public double floorAsTyped(Cost cost) {
        return Math.max(
                cost.operations() / operations + cost.wideOperations() / wideOperations, cost.bytes() / bandwidth);
    }

    /// Which of both [#floor] takes.
    public Bound bound(Cost cost) {
        return cost.allOperations() / operations >= cost.bytes() / bandwidth ? Bound.OPERATIONS : Bound.BYTES;
    }
}
