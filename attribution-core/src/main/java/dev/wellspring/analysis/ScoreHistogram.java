package dev.wellspring.analysis;

import org.jspecify.annotations.Nullable;

/// Scores of one sign, counted and summed in bins: those whose float32 forms agree in the first 16 bits,
/// which are sign, exponent and seven binary digits. The scores of a bin differ by less than 1/128, that is
/// 0.8 %.
///
/// Counts and sums of whole bins are exact. Where a cut falls into a bin, its documents are taken to be
/// alike: a share of the total is then off by less than 0.8 % of what that bin has of it, and a count of one
/// source by less than what is in the bin.
///
/// Memory: 1.5 KB for each octave of scores that is met, and 512 bytes more for each source.
final class ScoreHistogram {
    private static final int PAGES = 256;
    private static final int BINS = 128;

    private final @Nullable Page[] pages = new @Nullable Page[PAGES];
    private int capacity;
    private long count;
    private double total;
    private double squares;

    /// The bins of an octave.
    private static final class Page {
        private final int[] counts = new int[BINS];
        private final double[] sums = new double[BINS];
        /// (bins, sources)
        private int[] bySource;

        Page(int capacity) {
            bySource = new int[BINS * capacity];
        }

        void widen(int before, int after) {
            int[] wider = new int[BINS * after];
            for (int bin = 0; bin < BINS; bin++) {
                System.arraycopy(bySource, bin * before, wider, bin * after, before);
            }
            bySource = wider;
        }
    }

    /// Makes room for sources.
    ///
    /// @param sources how many are counted apart; 0 to count none
    void widen(int sources) {
        if (sources > capacity) {
            int wider = Math.max(sources, 2 * capacity);
            for (Page page : pages) {
                if (page != null) {
                    page.widen(capacity, wider);
                }
            }
            capacity = wider;
        }
    }

    /// Counts a document.
    ///
    /// @param magnitude the score without its sign: finite, above zero
    /// @param source its number, below what [#widen] made room for; −1 to count none
    void add(double magnitude, int source) {
        int key = Float.floatToRawIntBits((float) magnitude) >>> 16;
        Page page = pages[key / BINS];
        if (page == null) {
            page = new Page(capacity);
            pages[key / BINS] = page;
        }
        int bin = key % BINS;
        page.counts[bin]++;
        page.sums[bin] += magnitude;
        if (source >= 0) {
            page.bySource[bin * capacity + source]++;
        }
        count++;
        total += magnitude;
        squares += magnitude * magnitude;
    }

    /// How many documents were counted.
    long count() {
        return count;
    }

    /// Σ|s|.
    double total() {
        return total;
    }

    /// Σs².
    double squares() {
        return squares;
    }

    /// The sum of the largest scores.
    ///
    /// @param documents how many, at most [#count]
    double sumOfLargest(long documents) {
        long left = documents;
        double sum = 0;
        for (int key = PAGES * BINS - 1; key >= 0 && left > 0; key--) {
            Page page = pages[key / BINS];
            if (page == null) {
                key -= key % BINS;
                continue;
            }
            int here = page.counts[key % BINS];
            double part = here <= left ? 1 : (double) left / here;
            sum += part * page.sums[key % BINS];
            left -= Math.min(here, left);
        }
        return sum;
    }

    /// Adds the sources of the largest or of the smallest scores to counts.
    ///
    /// @param documents how many, at most [#count]
    /// @param counts (at least sources) added to
    void addSources(long documents, boolean largest, double[] counts) {
        long left = documents;
        for (int i = 0; i < PAGES * BINS && left > 0; i++) {
            int key = largest ? PAGES * BINS - 1 - i : i;
            Page page = pages[key / BINS];
            if (page == null) {
                i += BINS - 1;
                continue;
            }
            int here = page.counts[key % BINS];
            if (here > 0) {
                double part = here <= left ? 1 : (double) left / here;
                int from = key % BINS * capacity;
                for (int source = 0; source < Math.min(capacity, counts.length); source++) {
                    counts[source] += part * page.bySource[from + source];
                }
                left -= Math.min(here, left);
            }
        }
    }
}
