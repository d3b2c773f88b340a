package dev.wellspring.rank;

/// What a raw score is divided by before documents are compared.
public enum Normalisation {
    /// `raw`: nats per unit weight of the document. Long documents and unlikely completions score high.
    RAW {
        @Override
        public double apply(double raw, double queryLoss, double gradientNorm) {
            return raw;
        }
    },
    /// `raw ÷ queryLoss`: per query nat, so that queries can be compared. Within one query the order is that of
    /// [#RAW].
    NAT {
        @Override
        public double apply(double raw, double queryLoss, double gradientNorm) {
            return divide(raw, queryLoss);
        }
    },
    /// `raw ÷ queryLoss ÷ gradientNorm`: per query nat and unit of document gradient, so that long or badly
    /// predicted documents do not win by size.
    NORMALISED {
        @Override
        public double apply(double raw, double queryLoss, double gradientNorm) {
            return divide(NAT.apply(raw, queryLoss, gradientNorm), gradientNorm);
        }
    };

    /// The score that is ranked or shown. A division by zero has no meaning here and gives NaN, which is never
    /// ranked: a query of loss zero has nothing left to explain, and a document of gradient norm zero has no
    /// direction.
    ///
    /// @param raw the influence, nats per unit weight
    /// @param queryLoss −ln p(completion | prompt), nats
    /// @param gradientNorm the Euclidean norm of the document's gradient over the tracked modules
    public abstract double apply(double raw, double queryLoss, double gradientNorm);

    private static double divide(double dividend, double divisor) {
        return divisor == 0 ? Double.NaN : dividend / divisor;
    }
}
