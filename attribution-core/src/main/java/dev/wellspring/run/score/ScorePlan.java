package dev.wellspring.run.score;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.influence.QueryRows;
import dev.wellspring.influence.QueryTokenKernel;
import dev.wellspring.influence.ScoreKernel;
import dev.wellspring.influence.ScoreOptions;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.documents.Sharding;
import dev.wellspring.tensor.DType;
import java.util.List;

/// What `score` keeps in memory: the decoder's activations, the query block, and the kernel's scratch.
///
/// @param modules the tracked ones
/// @param queries how many
/// @param queryRows the rows of all queries together
/// @param documentRows the rows of a document, about
/// @param settings what the user asked for
/// @param sharding how documents are batched
/// @param activations what a batch takes in the decoder, in bytes
/// @param scratch what the score kernel's intermediate products may take, in bytes
record ScorePlan(
        List<LinearModule> modules,
        int queries,
        long queryRows,
        int documentRows,
        ScoreSettings settings,
        Sharding sharding,
        long activations,
        long scratch) {
    /// More scratch than this does not make products faster.
    private static final long MOST_SCRATCH = 256L << 20;

    ScorePlan(
            List<LinearModule> modules,
            int queries,
            long queryRows,
            int documentRows,
            ScoreSettings settings,
            Sharding sharding,
            long activations) {
        this(
                modules,
                queries,
                queryRows,
                documentRows,
                settings,
                sharding,
                activations,
                Math.min(MOST_SCRATCH, settings.memory().beside(activations) / 4));
    }

    /// The largest batch.
    BatchCapacity capacity() {
        return new BatchCapacity(sharding.batchRows(), sharding.batchDocuments());
    }

    /// What is kept beside the scores.
    ScoreOptions options() {
        return new ScoreOptions(settings.tokenScores(), settings.moduleScores(), true, documentRows);
    }

    /// The type gradients of queries are kept in.
    DType type() {
        return settings.type().sumType();
    }

    /// The rank to use.
    ///
    /// @throws IllegalArgumentException when the block does not fit at that rank
    int rank() {
        return switch (settings.rank()) {
            case RankChoice.Automatic() -> fits(QueryBlock.FULL) ? QueryBlock.FULL : required(RankChoice.DEFAULT);
            case RankChoice.Full() -> required(QueryBlock.FULL);
            case RankChoice.Rank(int rank) -> required(rank);
        };
    }

    /// The modules whose query rows are in memory together, one backward pass over the queries for each.
    List<List<LinearModule>> queryPasses(int rank) {
        long block = QueryBlock.byteSize(modules, queries, rank, type());
        return settings.memory()
                .passes("query gradients", modules, activations + block, group -> queryBytes(group, rank));
    }

    /// The rows of some modules, and what preconditioning and compressing one of them takes.
    private long queryBytes(List<LinearModule> group, int rank) {
        long largest = group.stream()
                .mapToLong(module -> Preconditioner.byteSize(module, settings.curvature(), type())
                        + QueryBlock.workBytes(module, rank, queryRows, type()))
                .max()
                .orElse(0);
        return QueryRows.byteSize(group, queryRows, type()) + scratch + largest;
    }

    /// The modules whose query tokens are scored together, each shard of documents through the model once for each.
    List<List<LinearModule>> queryTokenPasses(List<QueryInput> asked) {
        long rows = asked.stream().mapToLong(ScoreRun::rows).sum();
        long longest = asked.stream().mapToLong(ScoreRun::rows).max().orElse(0);
        return settings.memory()
                .passes(
                        "query tokens",
                        modules,
                        activations,
                        group -> group.stream()
                                        .mapToLong(
                                                module -> Preconditioner.byteSize(module, settings.curvature(), type()))
                                        .sum()
                                + QueryRows.byteSize(group, rows, type())
                                + QueryTokenKernel.byteSize(group, rows, longest, capacity(), type()));
    }

    private int required(int rank) {
        if (!fits(rank)) {
            throw settings.memory()
                    .tooSmall(
                            "query block of " + queries + " queries at rank " + RankChoice.word(rank),
                            MemoryBudget.BASE + activations + bytes(rank));
        }
        return rank;
    }

    private boolean fits(int rank) {
        return bytes(rank) <= settings.memory().beside(activations);
    }

    private long bytes(int rank) {
        long queryStage = MemoryBudget.largestGroup(modules, group -> queryBytes(group, rank));
        long scoreStage = ScoreKernel.byteSize(modules, queries, rank, type(), capacity(), options(), scratch);
        return QueryBlock.byteSize(modules, queries, rank, type()) + Math.max(queryStage, scoreStage);
    }
}
