package dev.wellspring.linalg.cuda;

import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Cuts attention into batches of equal matrices: neighbouring documents of one length with all their heads, as many as
/// their scores fit into memory; of a document that does not fit, some of its key and value heads at a time.
final class AttentionChunks {
    /// Scores of a batch at most, in elements. Scores, probabilities and gradients take up to 16 bytes each.
    private static final long MOST_SCORES = 1L << 25;

    private AttentionChunks() {}

    /// Documents of one length, and a range of their key and value heads.
    ///
    /// @param firstRow where the first document begins
    /// @param documents how many
    /// @param length rows of each
    /// @param firstGroup the first key and value head
    /// @param groupsPerDocument how many of them
    /// @param members query heads of each
    record Chunk(long firstRow, int documents, int length, int firstGroup, int groupsPerDocument, int members) {
        /// Query heads of all documents.
        int heads() {
            return groups() * members;
        }

        /// Key and value heads of all documents.
        int groups() {
            return documents * groupsPerDocument;
        }

        /// A matrix (T, d) for each query head.
        Heads own(Tensor packed, boolean transposed) {
            return Heads.packed(
                    packed,
                    firstRow,
                    length,
                    firstGroup * members,
                    1,
                    (long) groupsPerDocument * members,
                    1,
                    transposed);
        }

        /// The key or value matrix of each query head.
        Heads shared(Tensor packed, boolean transposed) {
            return Heads.packed(
                    packed, firstRow, length, firstGroup, 1, (long) groupsPerDocument * members, members, transposed);
        }

        /// A matrix for each key and value head.
        Heads group(Tensor packed) {
            return Heads.packed(packed, firstRow, length, firstGroup, 1, groupsPerDocument, 1, false);
        }

        /// The same member of every group of query heads.
        Heads member(Tensor packed, int member) {
            return Heads.packed(
                    packed, firstRow, length, firstGroup * members + member, members, groupsPerDocument, 1, false);
        }

        /// Sums (groups, T, d) by document: (documents, K, T, d).
        Tensor inDocuments(Tensor sums) {
            return sums.split(0, documents, groupsPerDocument);
        }

        /// The place of these in a packed tensor (R, K, d): (documents, K, T, d).
        Tensor grouped(Tensor packed) {
            return packed.rows(firstRow, firstRow + (long) documents * length)
                    .slice(1, firstGroup, firstGroup + groupsPerDocument)
                    .split(0, documents, length)
                    .swapped(1, 2);
        }
    }

    /// All rows and heads, each once.
    static List<Chunk> of(Tensor q, Tensor k, Segments segments) {
        List<Chunk> chunks = new ArrayList<>();
        int groups = k.length(1);
        if (groups == 0) {
            return chunks;
        }
        int members = q.length(1) / groups;
        int document = 0;
        while (document < segments.count()) {
            int length = segments.length(document);
            int end = document + 1;
            while (end < segments.count() && segments.length(end) == length) {
                end++;
            }
            if (length > 0 && members > 0) {
                add(chunks, segments.start(document), end - document, length, groups, members);
            }
            document = end;
        }
        return chunks;
    }

    private static void add(List<Chunk> chunks, long firstRow, int documents, int length, int groups, int members) {
        long scoresOfGroup = (long) members * length * length;
        int groupsAtOnce = Math.clamp(MOST_SCORES / scoresOfGroup, 1, groups);
        int documentsAtOnce = groupsAtOnce < groups ? 1 : (int) Math.max(1, MOST_SCORES / (scoresOfGroup * groups));
        for (int document = 0; document < documents; document += documentsAtOnce) {
            int together = Math.min(documentsAtOnce, documents - document);
            for (int group = 0; group < groups; group += groupsAtOnce) {
                chunks.add(new Chunk(
                        firstRow + (long) document * length,
                        together,
                        length,
                        group,
                        Math.min(groupsAtOnce, groups - group),
                        members));
            }
        }
    }
}
