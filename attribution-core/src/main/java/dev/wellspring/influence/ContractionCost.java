package dev.wellspring.influence;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.tensor.DType;

/// What one way of contracting one module costs for a full batch, counted from shapes: operations of products, and
/// bytes moved between memory and processor when every product reads its operands there and writes its result there.
///
/// With R rows, D documents of T rows, Q queries of rank r, p = in·out, b bytes a number of the rows, f of the query
/// block and s of what is formed:
///
/// ```
/// ROWS, factors: R(in + out)b, factors Q·r(in + out)f for each piece of rows, products written and read 4·R·Q·r·s
/// ROWS, full:    Q(p·f + R(in + out)b + 2·R·in·s)
///                both: scores of rows written and read, 2·R·Q·8
///                ‖G‖² of a short document: T(in + out)b + 4·T²·s, of a long one T(in + out)b + 2·p·s
/// FORMED:        R(in + out)b, G written D·p·s, and read once for each piece of queries
///                factors: for each piece of documents Q·r(in + out)f, and P written and read 2·Q·p·s
///                full:    for each piece of documents P read Q·p·f
///                ‖G‖²: G read, D·p·s
/// ```
///
/// @param plan of the module
/// @param contraction which way
/// @param operations of products whose operands are both rows, in their type
/// @param wideOperations of products with an operand of the query block's type
/// @param bytes moved
public record ContractionCost(
        ContractionPlan plan, Contraction contraction, long operations, long wideOperations, long bytes) {

    /// @param queries Q
    /// @param rows the type of rows
    /// @param block the type of the query block
    /// @param budget elements of scratch memory
    static ContractionCost of(
            ContractionPlan plan,
            Contraction contraction,
            int queries,
            BatchCapacity capacity,
            ScoreOptions options,
            DType rows,
            DType block,
            long budget) {
        long documents = Math.clamp(capacity.rows() / options.documentRows(), 1, capacity.documents());
        var count = new Count(
                plan,
                queries,
                capacity,
                documents,
                options.norms(),
                rows.byteSize(),
                block.byteSize(),
                block.sumType().byteSize(),
                budget);
        return switch (contraction) {
            case ROWS -> count.byRows();
            case FORMED -> count.formed();
        };
    }

    private record Count(
            ContractionPlan plan,
            long queries,
            BatchCapacity capacity,
            long documents,
            boolean norms,
            long b,
            long f,
            long s,
            long budget) {
        ContractionCost byRows() {
            long normOperations = norms ? documents * GradientNorms.operations(plan.module(), length()) : 0;
            long factors = queries * plan.rank() * sides() * f;
            long pieces = Math.ceilDiv(
                    rows(), RowContraction.rowsAtOnce(plan.module(), plan.rank(), (int) queries, rows(), budget));
            long products = plan.rank() > 0
                    ? rows() * sides() * b + pieces * factors + 4 * rows() * queries * plan.rank() * s
                    : queries
                            * (pieces * parameters() * f
                                    + rows() * sides() * b
                                    + 2 * rows() * plan.module().activationSize() * s);
            long scores = 2 * rows() * queries * DType.FLOAT64.byteSize();
            return new ContractionCost(
                    plan,
                    Contraction.ROWS,
                    normOperations,
                    plan.rowsOperations() - normOperations,
                    products + scores + (norms ? documents * normBytes() : 0));
        }

        ContractionCost formed() {
            int together = FormedContraction.documentsAtOnce(plan.module(), capacity.documents(), budget);
            long pieces = Math.ceilDiv(documents, together);
            long queryPieces = plan.rank() > 0
                    ? Math.ceilDiv(queries, FormedContraction.queriesAtOnce(plan.module(), (int) queries, budget))
                    : 1;
            long forming = 2 * rows() * parameters();
            long gradients = documents * parameters() * s;
            long block = plan.rank() > 0
                    ? queries * plan.rank() * sides() * f + 2 * queries * parameters() * s
                    : queries * parameters() * f;
            return new ContractionCost(
                    plan,
                    Contraction.FORMED,
                    forming,
                    plan.formedOperations() - forming,
                    rows() * sides() * b + gradients * (1 + queryPieces + (norms ? 1 : 0)) + pieces * block);
        }

        private long normBytes() {
            long scratch =
                    GradientNorms.isShort(plan.module(), length()) ? 4 * length() * length() * s : 2 * parameters() * s;
            return length() * sides() * b + scratch;
        }

        private long rows() {
            return capacity.rows();
        }

        private long length() {
            return rows() / documents;
        }

        private long sides() {
            return plan.module().activationSize() + (long) plan.module().outputs();
        }

        private long parameters() {
            return plan.module().parameters();
        }
    }
}
