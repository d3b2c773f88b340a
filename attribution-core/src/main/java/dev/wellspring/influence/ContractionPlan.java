package dev.wellspring.influence;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.model.LinearModule;

/// Which contraction a module's scores take, and why: the operations (multiplications and additions) that each
/// would need for a full batch. The choice is made once, for a batch as large as the capacity and documents of the
/// length that is expected, so that a document's score does not depend on the batch it is in.
///
/// @param module the module
/// @param rank r, or 0 where the query gradients are full
/// @param contraction the one that takes less time, counted from operations and bytes; ROWS where scores of single
///     rows are asked for
/// @param rowsOperations what [Contraction#ROWS] needs, document norms included if they are asked for
/// @param formedOperations what [Contraction#FORMED] needs
public record ContractionPlan(
        LinearModule module, int rank, Contraction contraction, long rowsOperations, long formedOperations) {

    static ContractionPlan of(
            LinearModule module,
            int rank,
            int queries,
            BatchCapacity capacity,
            int documentsAtOnce,
            ScoreOptions options) {
        long in = module.activationSize();
        long out = module.outputs();
        long rows = capacity.rows();
        long documents = Math.clamp(rows / options.documentRows(), 1, capacity.documents());
        long chunks = Math.ceilDiv(documents, documentsAtOnce);

        long forming = 2 * rows * in * out;
        long byRows = rank > 0 ? 2 * rows * queries * rank * (in + out + 1) : 2 * rows * queries * in * (out + 1);
        long byDocuments = forming + 2 * documents * queries * in * out;
        if (rank > 0) {
            byDocuments += 2 * chunks * queries * rank * in * out;
        }
        if (options.norms()) {
            long length = rows / documents;
            byRows += documents * GradientNorms.operations(module, length);
            byDocuments += 2 * documents * in * out;
        }
        Contraction cheaper = options.rowScores() || byRows < byDocuments ? Contraction.ROWS : Contraction.FORMED;
        return new ContractionPlan(module, rank, cheaper, byRows, byDocuments);
    }

    /// The same counts with another choice.
    ContractionPlan with(Contraction other) {
        return new ContractionPlan(module, rank, other, rowsOperations, formedOperations);
    }

    /// The operations of the contraction that was chosen.
    public long operations() {
        return switch (contraction) {
            case ROWS -> rowsOperations;
            case FORMED -> formedOperations;
        };
    }
}
