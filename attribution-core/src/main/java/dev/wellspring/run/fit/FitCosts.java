package dev.wellspring.run.fit;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.DocumentSums;
import dev.wellspring.curvature.LambdaAccumulator;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.TimedOperations;
import dev.wellspring.run.cost.Cost;
import dev.wellspring.run.cost.PassCost;
import dev.wellspring.run.cost.StageCost;
import dev.wellspring.run.cost.StageCost.Unit;
import dev.wellspring.tensor.DType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the stages of fitting cost, from shapes alone, as they are written today. b are the bytes of a number of the
/// model, f those of a factor (4, or 8 in FLOAT64), D the documents of a batch, T the rows of one, n the size of a
/// covariance.
///
/// - covariance, for each n: T·n(n + 1) operations; rows read T·n·b; below the diagonal, once a batch, the sum is
/// read and written, and the product that is added to it, where it is narrower, written and read:
///   n(n + 1)/2·(16 + 8)/D, or n(n + 1)/2·8/D for rows in BFLOAT16, whose products a FLOAT32 sum takes up as they
///   are formed.
/// - eigenbasis, for each n: 14/3·n³ operations in FLOAT64 (reduction to three diagonals 4/3, divide and
/// conquer 4/3, vectors back 2). Reducing reads what is left of the triangle once for each column, 8·n³/6
/// bytes, and all of it reads and writes some squares, 48·n².
/// - lambda, rotations, for each n: 2·T·n² operations; rows read and written T·n·(b + f), eigenvectors n²·f/D.
/// - lambda, gradients, for each module of p = in·out: 2·T·p operations on rotated rows, T(in + out)f read and p·f
///   written.
/// - lambda, squares: that product read again, and the sum of squares, FLOAT64 here, read and written once for the k
///   documents whose products are formed together, p·(f + 16/k) for each document.
/// - forward and backward: [PassCost], once for each pass over the documents, without logits but for the first,
/// whose head gradients the others take from [KeptHeadGradients].
public final class FitCosts {
    /// The stages' names.
    public static final String COVARIANCE = "covariance";

    public static final String EIGENBASIS = "eigenbasis";
    public static final String LAMBDA = "lambda";

    /// Names of parts beside those of [PassCost].
    public static final String SUMS = "sums";

    public static final String DECOMPOSITIONS = "decompositions";
    public static final String ROTATIONS = "rotations";
    public static final String GRADIENTS = "gradients";
    public static final String SQUARES = "squares";

    private final FitPlan plan;
    private final DecoderConfig config;
    private final int documentRows;

    /// @param documentRows how many rows a document has, about
    public FitCosts(FitPlan plan, DecoderConfig config, int documentRows) {
        this.plan = plan;
        this.config = config;
        this.documentRows = documentRows;
    }

    /// The stages there are, in order, but for coverage, which looks at a sample.
    public List<StageCost> stages() {
        return switch (plan.settings().curvature()) {
            case IDENTITY -> List.of();
            case DIAGONAL -> List.of(lambda());
            case KFAC -> List.of(covariance(), eigenbasis());
            case EKFAC -> List.of(covariance(), eigenbasis(), lambda());
        };
    }

    /// How many covariances there are.
    public long covariances() {
        return sizes(plan.modules()).size();
    }

    private StageCost covariance() {
        Map<String, Cost> parts = passes(COVARIANCE, plan.covariancePasses());
        parts.put(SUMS, sizes(plan.modules()).stream().map(this::covarianceSum).reduce(Cost.NOTHING, Cost::plus));
        return new StageCost(COVARIANCE, Unit.DOCUMENT, parts);
    }

    private Cost covarianceSum(long n) {
        double triangle = n * (n + 1.0) / 2;
        DType sum = DocumentSums.sumType(type());
        double product = type().sumType() == sum ? 0 : 2.0 * type().sumType().byteSize();
        return Cost.products(
                type(),
                2 * documentRows * triangle,
                (double) documentRows * n * type().byteSize()
                        + triangle * (2.0 * sum.byteSize() + product) / documents());
    }

    private StageCost eigenbasis() {
        Cost all = sizes(plan.modules()).stream().map(FitCosts::decomposition).reduce(Cost.NOTHING, Cost::plus);
        return new StageCost(EIGENBASIS, Unit.STAGE, Map.of(DECOMPOSITIONS, all));
    }

    private static Cost decomposition(long size) {
        double n = size;
        double bytes = DType.FLOAT64.byteSize() * (n * n * n / 6 + 6 * n * n);
        return new Cost(0, TimedOperations.EIGENDECOMPOSITION * n * n * n, bytes);
    }

    private StageCost lambda() {
        Map<String, Cost> parts = passes(LAMBDA, plan.lambdaPasses());
        if (plan.rotated()) {
            parts.put(
                    ROTATIONS,
                    sizes(plan.modules()).stream().map(this::rotation).reduce(Cost.NOTHING, Cost::plus));
        }
        DType rows = plan.rotated() ? plan.factorType() : type();
        double factorBytes = plan.factorType().byteSize();
        Cost gradients = Cost.NOTHING;
        double squares = 0;
        double sumBytes = 2.0 * DocumentSums.sumType(plan.factorType()).byteSize();
        for (LinearModule module : plan.modules()) {
            double sides = module.activationSize() + (double) module.outputs();
            double p = module.parameters();
            gradients = gradients.plus(Cost.products(
                    rows, 2 * documentRows * p, documentRows * sides * rows.byteSize() + p * factorBytes));
            squares += p * (factorBytes + sumBytes / productsAtOnce(module));
        }
        parts.put(GRADIENTS, gradients);
        parts.put(SQUARES, new Cost(0, 0, squares));
        return new StageCost(LAMBDA, Unit.DOCUMENT, parts);
    }

    private int productsAtOnce(LinearModule module) {
        var batch = new BatchCapacity(plan.capacity().rows(), documents());
        long elements = plan.productBytes() / plan.factorType().byteSize();
        return LambdaAccumulator.productsAtOnce(module, batch, elements);
    }

    private Cost rotation(long n) {
        double factorBytes = plan.factorType().byteSize();
        return Cost.products(
                plan.factorType(),
                2.0 * documentRows * n * n,
                documentRows * n * (type().byteSize() + factorBytes) + n * n * factorBytes / documents());
    }

    /// Whether the first pass of a stage computes logits: not when an earlier stage has kept head gradients.
    public static boolean computesLogits(FitPlan plan, String stage) {
        String first = plan.settings().curvature().hasEigenbasis() ? COVARIANCE : LAMBDA;
        return stage.equals(first) || !plan.keepsHeadGradients();
    }

    private Map<String, Cost> passes(String stage, List<List<LinearModule>> passes) {
        boolean sampled = plan.settings().labels() == LabelChoice.SAMPLED;
        Map<String, Cost> parts = new LinkedHashMap<>();
        boolean withHead = computesLogits(plan, stage);
        for (List<LinearModule> tracked : passes) {
            PassCost.of(
                            config,
                            type(),
                            documentRows,
                            plan.capacity(),
                            tracked,
                            sampled,
                            plan.settings().memory().logitBytes(),
                            withHead)
                    .addTo(parts);
            withHead = !plan.keepsHeadGradients();
        }
        return parts;
    }

    private int documents() {
        return PassCost.documents(plan.capacity(), documentRows);
    }

    private DType type() {
        return plan.settings().type();
    }

    /// The rows of every covariance: one for each shared input, one for each module's outputs.
    private static List<Long> sizes(List<LinearModule> modules) {
        Set<String> groups = new HashSet<>();
        List<Long> sizes = new ArrayList<>();
        for (LinearModule module : modules) {
            if (groups.add(module.inputGroup())) {
                sizes.add((long) module.activationSize());
            }
            sizes.add((long) module.outputs());
        }
        return sizes;
    }
}
