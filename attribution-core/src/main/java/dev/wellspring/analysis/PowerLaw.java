package dev.wellspring.analysis;

import org.apache.commons.math3.stat.regression.SimpleRegression;

/// A line through the logarithms of ranks and of scores: score ≈ e^intercept · rank^slope. Ruis et al. 2024
/// (arXiv 2411.12580), finding 2, fit the 500 most positive documents and find slopes of −0.32 to −0.38.
///
/// @param documents how many were fitted; fewer than three have no fit, and the rest is NaN
/// @param slope of ln score over ln rank, by least squares; negative, since scores fall with the rank
/// @param intercept ln of the score at rank 1, in ln nats
/// @param r2 the share of the variance of ln score that the line explains
public record PowerLaw(int documents, double slope, double intercept, double r2) {
    /// How many documents are fitted.
    public static final int FIRST = 500;

    /// @param descending scores above zero, largest first; those beyond the first 500 are left out
    public static PowerLaw of(double[] descending) {
        int documents = Math.min(FIRST, descending.length);
        if (documents < 3) {
            return new PowerLaw(documents, Double.NaN, Double.NaN, Double.NaN);
        }
        var line = new SimpleRegression();
        for (int i = 0; i < documents; i++) {
            line.addData(Math.log(i + 1.0), Math.log(descending[i]));
        }
        return new PowerLaw(documents, line.getSlope(), line.getIntercept(), line.getRSquare());
    }
}
