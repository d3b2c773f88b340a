package dev.wellspring.run.score;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.influence.Placement;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.influence.QueryRows;
import dev.wellspring.influence.QueryTokenKernel;
import dev.wellspring.influence.ScoreKernel;
import dev.wellspring.influence.ScoreOptions;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.Sharding;
import dev.wellspring.tensor.DType;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToLongFunction;

/// What `score` keeps in memory: the decoder's activations, the query block, and the kernel's scratch. A block
/// that does not fit on a device waits in the host's memory, if it has as much to spare.
///
/// @param modules the tracked ones
/// @param queries how many
/// @param queryRows the rows of all queries together
/// @param documentRows the rows of a document, about
/// @param settings what the user asked for
/// @param sharding how documents are batched
/// @param activations what a batch takes in the decoder, in bytes
/// @param scratch what the score kernel's intermediate products may take, in bytes
public record ScorePlan(
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

    /// Plans from shapes alone. Batches are as large as for `fit`, unless the query block only fits beside
    /// smaller ones. Where it fits beside none it is offloaded, and batches are as large as half of the memory
    /// allows, since it crosses the bus once a batch.
    ///
    /// @param documentRows the rows of a document, about
    /// @throws RunRefusedException when a batch does not fit
    public static ScorePlan of(DecoderConfig config, ScoreSettings settings, QueryLengths queries, int documentRows) {
        List<LinearModule> modules = List.copyOf(settings.modules().select(config.modules()));
        int longest = Math.max(settings.maxTokens() - 1, queries.longest());
        IntToLongFunction activations = rows -> settings.memory().workingBytes(config, settings.type(), rows, longest);
        int usual = settings.memory().batchRows(longest, activations);
        for (Placement placement : Placement.values()) {
            int most = switch (placement) {
                case RESIDENT -> usual;
                case OFFLOADED -> settings.memory().fewBatchesRows(longest, activations);
            };
            for (int rows = most; rows >= longest; rows = rows == longest ? 0 : Math.max(longest, rows / 2)) {
                ScorePlan plan = of(config, modules, settings, queries, documentRows, rows, longest);
                if (plan.fits(plan.plannedRank(), placement)) {
                    return plan;
                }
            }
        }
        return of(config, modules, settings, queries, documentRows, usual, longest);
    }

    private static ScorePlan of(
            DecoderConfig config,
            List<LinearModule> modules,
            ScoreSettings settings,
            QueryLengths queries,
            int documentRows,
            int rows,
            int longest) {
        var sharding = new Sharding(rows, MemoryBudget.batchDocuments(rows), settings.shardTokens(), -1);
        long activations = settings.memory().workingBytes(config, settings.type(), rows, longest);
        return new ScorePlan(modules, queries.count(), queries.rows(), documentRows, settings, sharding, activations);
    }

    /// What matters of queries before they are read.
    ///
    /// @param count how many, at least 1
    /// @param rows of all together
    /// @param longest the rows of the longest
    public record QueryLengths(int count, long rows, int longest) {
        public QueryLengths {
            if (count < 1) {
                throw new RunRefusedException("--queries: expected at least one query, found none");
            }
        }

        /// Some of them, as long as all are on average.
        public QueryLengths part(int fewer) {
            return new QueryLengths(fewer, Math.ceilDiv(rows * fewer, count), longest);
        }
    }

    /// The largest batch.
    public BatchCapacity capacity() {
        return new BatchCapacity(sharding.batchRows(), sharding.batchDocuments());
    }

    /// What is kept beside the scores.
    public ScoreOptions options() {
        return new ScoreOptions(
                settings.tokenScores(),
                settings.moduleScores(),
                true,
                documentRows,
                settings.memory().byteOperations(settings.type()));
    }

    /// The type gradients of queries are kept in.
    public DType type() {
        return settings.type().sumType();
    }

    /// The rank to use.
    ///
    /// @throws RunRefusedException when the block does not fit at that rank
    public int rank() {
        return switch (settings.rank()) {
            case RankChoice.Automatic() ->
                fits(QueryBlock.FULL, Placement.RESIDENT) ? QueryBlock.FULL : required(RankChoice.DEFAULT);
            case RankChoice.Full() -> required(QueryBlock.FULL);
            case RankChoice.Rank(int rank) -> required(rank);
        };
    }

    /// Where the query block is kept at a rank: in the host's memory only if it does not fit otherwise.
    public Placement placement(int rank) {
        boolean waits = !fits(rank, Placement.RESIDENT) && fits(rank, Placement.OFFLOADED);
        return waits ? Placement.OFFLOADED : Placement.RESIDENT;
    }

    /// The modules whose query rows are in memory together, one backward pass over the queries for each.
    public List<List<LinearModule>> queryPasses(int rank) {
        return settings.memory()
                .passes("query gradients", modules, activations + backendBytes(rank), group -> queryBytes(group, rank));
    }

    /// How many of the queries fit into memory together at a rank, at least 1: more are scored block after
    /// block, each with a pass over the documents of its own.
    ///
    /// @throws RunRefusedException when not even one fits
    public static int queriesTogether(
            DecoderConfig config, ScoreSettings settings, QueryLengths queries, int documentRows, int rank) {
        int fitting = 0;
        int tooMany = queries.count() + 1;
        while (tooMany - fitting > 1) {
            int middle = (fitting + tooMany) / 2;
            if (of(config, settings, queries.part(middle), documentRows).fits(rank)) {
                fitting = middle;
            } else {
                tooMany = middle;
            }
        }
        if (fitting == 0) {
            of(config, settings, queries.part(1), documentRows).requireRank(rank);
        }
        return fitting;
    }

    /// The same for fewer queries, as long as these are on average.
    public ScorePlan ofQueries(int fewer) {
        long rows = Math.ceilDiv(queryRows * fewer, queries);
        return new ScorePlan(modules, fewer, rows, documentRows, settings, sharding, activations, scratch);
    }

    /// The rows of some modules, and what preconditioning and compressing one of them takes.
    public long queryBytes(List<LinearModule> group, int rank) {
        long largest = group.stream()
                .mapToLong(module -> Preconditioner.byteSize(module, settings.curvature(), type())
                        + QueryBlock.workBytes(module, rank, queryRows, type()))
                .max()
                .orElse(0);
        return QueryRows.byteSize(group, queryRows, type()) + queryScratch() + largest;
    }

    /// What preconditioned gradients of several queries may take together, in bytes: a device decomposes them
    /// at once.
    public long queryScratch() {
        long largest =
                modules.stream().mapToLong(LinearModule::parameters).max().orElse(0);
        long all = 2L * queries * largest * type().byteSize();
        return Math.max(scratch, Math.min(all, settings.memory().productBytes()));
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
        requireRank(rank);
        return rank;
    }

    /// Checks that the queries can be scored at a rank.
    ///
    /// @throws RunRefusedException naming what lacks the memory, and what would help
    void requireRank(int rank) {
        if (fits(rank)) {
            return;
        }
        MemoryBudget memory = settings.memory();
        String asked = queries + " queries at rank " + RankChoice.word(rank);
        if (memory.offloadable() == 0) {
            throw memory.tooSmall(
                    "query block of " + asked, memory.base() + activations + bytes(rank, Placement.RESIDENT));
        }
        if (bytes(rank, Placement.OFFLOADED) > memory.beside(activations)) {
            throw memory.tooSmall(
                    "rows and contractions of " + asked + ", whose block can wait in the host's memory",
                    memory.base() + activations + bytes(rank, Placement.OFFLOADED));
        }
        throw new RunRefusedException(String.format(
                Locale.ROOT,
                "host memory: expected at least %d MiB for the query block of %s, which does not fit on the device, got"
                        + " %d MiB for each device; lower --rank, give fewer queries at a time or take fewer --devices",
                Math.ceilDiv(blockBytes(rank), 1L << 20),
                asked,
                memory.offloadable() >> 20));
    }

    /// The rank that was asked for, or the one that is chosen for want of memory.
    private int plannedRank() {
        return switch (settings.rank()) {
            case RankChoice.Automatic() -> RankChoice.DEFAULT;
            case RankChoice.Full() -> QueryBlock.FULL;
            case RankChoice.Rank(int rank) -> rank;
        };
    }

    private boolean fits(int rank) {
        return fits(rank, Placement.RESIDENT) || fits(rank, Placement.OFFLOADED);
    }

    private boolean fits(int rank, Placement placement) {
        boolean waits = placement == Placement.OFFLOADED;
        return bytes(rank, placement) <= settings.memory().beside(activations)
                && (!waits || blockBytes(rank) <= settings.memory().offloadable());
    }

    private long bytes(int rank, Placement placement) {
        long queryStage = MemoryBudget.largestGroup(modules, group -> queryBytes(group, rank));
        return QueryBlock.backendBytes(modules, queries, rank, type(), placement)
                + Math.max(queryStage, kernelBytes(rank));
    }

    /// What the query block takes where it is kept, in bytes.
    public long blockBytes(int rank) {
        return QueryBlock.byteSize(modules, queries, rank, type());
    }

    /// What it takes beside activations and contractions, in bytes: all, or where it is offloaded, room for
    /// two modules.
    public long backendBytes(int rank) {
        return QueryBlock.backendBytes(modules, queries, rank, type(), placement(rank));
    }

    /// What crosses the bus between a device and its host for each batch, in bytes: an offloaded block.
    public long busBytes(int rank) {
        return placement(rank) == Placement.OFFLOADED ? blockBytes(rank) : 0;
    }

    /// What contracting documents with it takes besides, in bytes.
    public long kernelBytes(int rank) {
        return ScoreKernel.byteSize(modules, queries, rank, type(), capacity(), options(), scratch);
    }
}
