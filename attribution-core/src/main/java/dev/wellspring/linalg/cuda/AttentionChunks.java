package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.AttentionMemory.Sizes;
import dev.wellspring.tensor.Segments;
import java.util.ArrayList;
import java.util.List;

/// Cuts attention into batches of matrices of one height: neighbouring documents with all their heads, as many
/// as fit; of a document that does not fit, some of its key and value heads at a time, or some of the query
/// heads of one.
///
/// Documents need not be of one length: shorter ones are filled up with zeros, as long as at least half of the
/// scores are then documents' own. Heights and widths are multiples of [#STEP], for which tensor cores are fastest.
final class AttentionChunks {
    /// Sixteen bytes in BFLOAT16.
    static final int STEP = PaddedOperands.STEP;

    /// How much goes together.
    ///
    /// @param scores of a batch, (T, T) for each query head, unless those of a single one are more
    /// @param numbers of a batch's queries, (T, d) for each query head: more than scores where documents are short
    /// @param products in one call: as many blocks as a grid has on its other axes
    record Limits(long scores, long numbers, int products) {
        static final Limits USUAL = new Limits(1L << 25, 1L << 23, 65_535);

        /// Matrices of query heads.
        private long matrices(long length, long width) {
            return Math.min(scores / (length * length), numbers / (length * width));
        }

        /// The most scores in a batch, whatever the documents' lengths: of t rows, filled up to T, a document has
        /// T² ≤ t·max(64, T + 8), and filling up to longer ones at most doubles them.
        long mostScores(Sizes sizes) {
            long longest = filledUp(Math.toIntExact(sizes.longest()));
            long ofNumbers = numbers * longest / width(sizes);
            long ofRows = 2 * sizes.rows() * sizes.heads() * Math.max(STEP * STEP, longest + STEP);
            return Math.max(longest * longest, Math.min(scores, Math.min(ofNumbers, ofRows)));
        }

        /// The most numbers in the matrices of a batch's queries, whatever the documents' lengths: one row is filled
        /// up to eight, and those to sixteen.
        long mostNumbers(Sizes sizes) {
            long longest = filledUp(Math.toIntExact(sizes.longest()));
            long ofRows = 2 * STEP * sizes.rows() * sizes.heads() * width(sizes);
            return Math.max(longest * width(sizes), Math.min(numbers, ofRows));
        }

        private static long width(Sizes sizes) {
            return Math.max(STEP, filledUp(Math.toIntExact(sizes.headSize())));
        }
    }

    private final Limits limits;
    private final Segments segments;
    private final int groups;
    private final int members;
    private final int width;
    private final List<Chunk> chunks = new ArrayList<>();

    /// @param groups key and value heads
    /// @param members query heads of each
    /// @param width of a head, filled up
    private AttentionChunks(Limits limits, Segments segments, int groups, int members, int width) {
        this.limits = limits;
        this.segments = segments;
        this.groups = groups;
        this.members = members;
        this.width = width;
    }

    /// Documents, filled up to one length, and a range of their key and value heads with their query heads.
    ///
    /// @param firstDocument the first document
    /// @param documents how many
    /// @param length rows of each matrix
    /// @param groups key and value heads
    /// @param queries query heads, in order; several ranges only of one group
    record Chunk(int firstDocument, int documents, int length, Range groups, List<Range> queries) {
        /// Products in one call: one for each document and key and value head.
        int products() {
            return documents * groups.count();
        }
    }

    /// Heads.
    record Range(int first, int count) {}

    /// The next multiple of [#STEP].
    static int filledUp(int size) {
        return Math.toIntExact(PaddedOperands.filledUp(size));
    }

    /// All rows and heads, each once.
    ///
    /// @param groups key and value heads
    /// @param members query heads of each
    /// @param width of a head
    static List<Chunk> of(Limits limits, Segments segments, int groups, int members, int width) {
        if (groups == 0 || members == 0 || width == 0) {
            return List.of();
        }
        var cutting = new AttentionChunks(limits, segments, groups, members, filledUp(width));
        for (int document = 0; document < segments.count(); ) {
            document = cutting.add(document);
        }
        return cutting.chunks;
    }

    /// @return the first document that is left
    private int add(int first) {
        int length = filledUp(segments.length(first));
        long scores = (long) length * length;
        int end = first + 1;
        while (end < segments.count()) {
            int next = filledUp(segments.length(end));
            int longest = Math.max(length, next);
            long together = scores + (long) next * next;
            long documents = end - first + 1L;
            if (!fits(documents, longest) || documents * longest * longest > 2 * together) {
                break;
            }
            length = longest;
            scores = together;
            end++;
        }
        if (length == 0) {
            return end;
        }
        if (fits(end - first, length)) {
            chunks.add(chunk(first, end - first, length, new Range(0, groups)));
        } else {
            addParts(first, length);
        }
        return end;
    }

    private boolean fits(long documents, int length) {
        if (length == 0) {
            return true;
        }
        long products = documents * groups;
        return products <= limits.products() && products * members <= limits.matrices(length, width);
    }

    private void addParts(int document, int length) {
        int most = Math.clamp(limits.matrices(length, width) / members, 1, Math.min(groups, limits.products()));
        for (int group = 0; group < groups; group += most) {
            chunks.add(chunk(document, 1, length, new Range(group, Math.min(most, groups - group))));
        }
    }

    private Chunk chunk(int first, int documents, int length, Range range) {
        int heads = range.count() * members;
        int most = range.count() > 1 ? heads : Math.clamp(limits.matrices(length, width) / documents, 1, heads);
        List<Range> queries = new ArrayList<>();
        for (int head = 0; head < heads; head += most) {
            queries.add(new Range(range.first() * members + head, Math.min(most, heads - head)));
        }
        return new Chunk(first, documents, length, range, List.copyOf(queries));
    }
}
