package dev.wellspring.analysis;

import java.util.List;
import java.util.stream.IntStream;

/// BM25 as the formula says it, by counting, in double.
record PlainBm25(List<int[]> documents) {
    double[] scores(int[] query) {
        return documents.stream()
                .mapToDouble(document -> IntStream.of(query)
                        .mapToDouble(token -> share(token, document))
                        .sum())
                .toArray();
    }

    private double share(int token, int[] document) {
        double having =
                documents.stream().filter(other -> count(token, other) > 0).count();
        double of = documents.stream().filter(other -> other.length > 0).count();
        double mean = documents.stream().mapToInt(other -> other.length).sum() / of;
        double f = count(token, document);
        double idf = Math.log(1 + (of - having + 0.5) / (having + 0.5));
        return f == 0 ? 0 : idf * f / (f + 1.2 * (1 - 0.75 + 0.75 * kept(document.length) / mean));
    }

    private static long count(int token, int[] document) {
        return IntStream.of(document).filter(id -> id == token).count();
    }

    /// A length in Lucene's one byte: exact to 40, beyond that 24 and a number of four binary digits.
    private static int kept(int length) {
        int over = length - 24;
        return over < 16 ? length : 24 + over / (Integer.highestOneBit(over) / 8) * (Integer.highestOneBit(over) / 8);
    }
}
