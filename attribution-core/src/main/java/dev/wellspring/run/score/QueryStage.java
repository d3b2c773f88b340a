package dev.wellspring.run.score;

import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.influence.CompressionError;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.influence.QueryRows;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.Stage;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Steps 5 to 7 of the method: the gradient of every query, preconditioned and compressed.
final class QueryStage implements Stage {
    /// The preconditioned gradients, as later shards need them.
    static final String BLOCK = "query-block.safetensors";

    private final RunContext context;
    private final Decoder decoder;
    private final List<QueryInput> queries;
    private final ScorePlan plan;
    private final int rank;
    private final FactorFiles factors;
    private final RunFolder folder;

    QueryStage(
            RunContext context,
            Decoder decoder,
            List<QueryInput> queries,
            ScorePlan plan,
            int rank,
            FactorFiles factors,
            RunFolder folder) {
        this.context = context;
        this.decoder = decoder;
        this.queries = queries;
        this.plan = plan;
        this.rank = rank;
        this.factors = factors;
        this.folder = folder;
    }

    @Override
    public String name() {
        return "queries";
    }

    @Override
    public boolean isComplete() {
        return Files.exists(block()) && Files.exists(folder.resolve(ScoredQuery.FILE));
    }

    @Override
    public void run() {
        context.progress().start(name(), plan.modules().size(), "modules");
        DType type = context.algebra().operandType(plan.settings().type());
        try (var block = new QueryBlock(context.algebra(), queries.size(), rank, type, plan.placement(rank))) {
            double[] losses = new double[queries.size()];
            for (List<LinearModule> modules : plan.queryPasses(rank)) {
                losses = add(block, modules);
            }
            block.save(block());
            write(block.error(), losses);
        } catch (IOException failure) {
            throw new UncheckedIOException(name() + ": " + failure.getMessage(), failure);
        }
    }

    /// Where the block lies.
    Path block() {
        return folder.resolve(BLOCK);
    }

    /// P_q of some modules for all queries; returns the queries' losses, (queries), in nats.
    private double[] add(QueryBlock block, List<LinearModule> modules) throws IOException {
        QueryPass pass = pass();
        try (var rows = new QueryRows(context.algebra(), modules, pass.lengths(), plan.type())) {
            double[] losses = pass.run(modules, rows);
            for (LinearModule module : modules) {
                try (var preconditioner = Preconditioner.load(
                        context.algebra(),
                        factors,
                        module,
                        plan.settings().curvature(),
                        plan.settings().damping(),
                        plan.type())) {
                    block.put(module, rows, preconditioner, plan.queryScratch());
                }
                context.progress().advance(1, 0);
                context.cancellation().check("no queries");
            }
            return losses;
        }
    }

    private void write(CompressionError error, double[] losses) {
        double[] errors = new double[queries.size()];
        Arrays.setAll(errors, error::relative);
        folder.record("compression_error", error.relative());
        folder.write(
                ScoredQuery.FILE,
                ScoredQuery.toBytes(pass().scored(losses, errors))); // last, as it says that the stage is complete
        context.progress()
                .note(
                        rank == QueryBlock.FULL
                                ? "queries: " + queries.size() + ", gradients kept in full"
                                : String.format(
                                        Locale.ROOT,
                                        "queries: %d, gradients compressed to rank %d with relative error %.3g",
                                        queries.size(),
                                        rank,
                                        error.relative()));
    }

    private QueryPass pass() {
        return new QueryPass(decoder, queries, plan.sharding().batchRows());
    }
}
