package dev.wellspring.run.score;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.influence.Contraction;
import dev.wellspring.influence.ContractionCost;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.influence.ScoreKernel;
import dev.wellspring.linalg.SubspaceSearch;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.cost.Cost;
import dev.wellspring.run.cost.PassCost;
import dev.wellspring.run.cost.StageCost;
import dev.wellspring.run.cost.StageCost.Unit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the stages of scoring cost, from shapes alone, as they are written today. Q are the queries, R their rows, r
/// the rank, s the bytes of a number of the query block (4, or 8 in FLOAT64), and for each module p = in·out.
///
/// - queries, rotations: 2(R + Q·r)(in² + out²) operations there and back, or 2·Q·p(in + out) back where
/// gradients stay full; the eigenvectors and the rows, in and out.
/// - queries, gradients: 2·R·p operations, and Q·p written, divided by Λ (three times through memory) and read.
/// - queries, compression: of a (m, n) matrix for each query at most ten rounds of two products with r + 16 columns,
///   4·m·n(r + 16), and one at the end, in FLOAT32; each reads the matrix, and so does the error.
/// - scores, contractions: [ContractionCost] of the way that each module takes.
/// - forward and backward: [PassCost], once for each pass over queries or documents.
public final class ScoreCosts {
    /// The stages' names.
    public static final String QUERIES = "queries";

    public static final String SCORES = "scores";

    /// Names of parts beside those of [PassCost].
    public static final String ROTATIONS = "rotations";

    public static final String GRADIENTS = "gradients";
    public static final String COMPRESSION = "compression";
    public static final String CONTRACTIONS = "contractions";

    private final ScorePlan plan;
    private final DecoderConfig config;
    private final int rank;

    public ScoreCosts(ScorePlan plan, DecoderConfig config, int rank) {
        this.plan = plan;
        this.config = config;
        this.rank = rank;
    }

    /// Gradients of all queries, preconditioned and compressed: once, however many documents there are.
    public StageCost queries() {
        Map<String, Cost> parts = new LinkedHashMap<>();
        int length = Math.max(1, Math.toIntExact(plan.queryRows() / plan.queries()));
        for (List<LinearModule> tracked : plan.queryPasses(rank)) {
            PassCost one = pass(length, tracked);
            new PassCost(one.forward().times(plan.queries()), one.backward().times(plan.queries())).addTo(parts);
        }
        for (LinearModule module : plan.modules()) {
            if (rotates()) {
                parts.merge(ROTATIONS, rotations(module), Cost::plus);
            }
            parts.merge(GRADIENTS, gradients(module), Cost::plus);
            if (QueryBlock.compresses(module, rank)) {
                parts.merge(COMPRESSION, compression(module).times(plan.queries()), Cost::plus);
            }
        }
        return new StageCost(QUERIES, Unit.STAGE, parts);
    }

    /// A document against all queries.
    public StageCost scores() {
        Map<String, Cost> parts = new LinkedHashMap<>();
        pass(plan.documentRows(), plan.modules()).addTo(parts);
        Cost contractions = Cost.NOTHING;
        for (Contraction contraction : Contraction.values()) {
            for (ContractionCost cost : contractions(contraction)) {
                if (cost.plan().contraction() == contraction) {
                    contractions = contractions.plus(ofDocument(cost));
                }
            }
        }
        parts.put(CONTRACTIONS, contractions);
        return new StageCost(SCORES, Unit.DOCUMENT, parts);
    }

    /// What one way of contracting would cost each module for a full batch, chosen or not.
    public List<ContractionCost> contractions(Contraction contraction) {
        return ScoreKernel.costs(
                plan.modules(),
                contraction,
                plan.queries(),
                rank,
                plan.type(),
                plan.settings().type(),
                plan.capacity(),
                plan.options(),
                plan.scratch());
    }

    /// A document's part of a full batch.
    public Cost ofDocument(ContractionCost batch) {
        Cost rows = Cost.products(plan.settings().type(), (double) batch.operations(), (double) batch.bytes());
        return rows.plus(new Cost(0, (double) batch.wideOperations(), 0))
                .times((double) plan.documentRows() / plan.capacity().rows());
    }

    private PassCost pass(int rows, List<LinearModule> tracked) {
        return PassCost.of(
                config,
                plan.settings().type(),
                rows,
                plan.capacity(),
                tracked,
                false,
                plan.settings().memory().logitBytes(),
                true);
    }

    private boolean rotates() {
        CurvatureStrategy curvature = plan.settings().curvature();
        return curvature == CurvatureStrategy.EKFAC || curvature == CurvatureStrategy.KFAC;
    }

    private Cost rotations(LinearModule module) {
        double in = module.activationSize();
        double out = module.outputs();
        double squares = in * in + out * out;
        boolean compressed = QueryBlock.compresses(module, rank);
        double vectors = plan.queryRows() + (compressed ? (double) plan.queries() * rank : 0);
        double back = compressed ? 0 : 2.0 * plan.queries() * in * out * (in + out);
        double moved = squares + 2 * vectors * (in + out) + (compressed ? 0 : 4.0 * plan.queries() * in * out);
        return Cost.products(
                plan.type(), 2 * vectors * squares + back, moved * plan.type().byteSize());
    }

    private Cost gradients(LinearModule module) {
        double parameters = module.parameters();
        double rows = plan.queryRows() * (module.activationSize() + (double) module.outputs());
        return Cost.products(
                plan.type(),
                2 * plan.queryRows() * parameters,
                (rows + 5 * plan.queries() * parameters) * plan.type().byteSize());
    }

    private Cost compression(LinearModule module) {
        double m = Math.max(module.outputs(), module.activationSize());
        double n = Math.min(module.outputs(), module.activationSize());
        double products = 2 * SubspaceSearch.MOST_ROUNDS + 1;
        double operations = products * 2 * m * n * (rank + SubspaceSearch.SPARE);
        return new Cost(0, operations, (products + 1) * m * n * Float.BYTES);
    }
}
