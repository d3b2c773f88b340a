package dev.wellspring.run.fit;

import static dev.wellspring.run.Explanation.bytes;
import static dev.wellspring.run.Explanation.count;
import static dev.wellspring.run.Explanation.line;
import static dev.wellspring.run.Explanation.operations;

import dev.wellspring.curvature.CovarianceAccumulator;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderOperations;
import dev.wellspring.model.LinearModule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What fitting is going to do, from shapes alone: batches, passes, memory, and operations for one row of a document
/// and for one covariance.
final class FitExplanation {
    /// Of a symmetric eigendecomposition of n rows, in n³: reduction 4/3, divide and conquer 4/3, vectors back 2.
    private static final double EIGENDECOMPOSITION = 14.0 / 3;

    private final DecoderConfig config;
    private final FitPlan plan;
    private final int documentRows;

    /// @param documentRows how many rows a document has, about
    FitExplanation(DecoderConfig config, FitPlan plan, int documentRows) {
        this.config = config;
        this.plan = plan;
        this.documentRows = documentRows;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(
                "batches",
                count(plan.capacity().rows()) + " rows, at most "
                        + count(plan.capacity().documents()) + " documents; a document has about "
                        + count(documentRows) + " rows"));
        lines.add(line("memory: activations", bytes(plan.activations())));
        long passes =
                DecoderOperations.perRow(config, documentRows, plan.modules()).both();
        if (plan.settings().curvature().hasEigenbasis()) {
            covariances(lines, passes);
        }
        if (plan.settings().curvature().hasLambda()) {
            lambda(lines, passes);
        }
        return lines;
    }

    private void covariances(List<String> lines, long passes) {
        long updates = 0;
        double decompositions = 0;
        Set<String> groups = new HashSet<>();
        for (LinearModule module : plan.modules()) {
            if (groups.add(module.inputGroup())) {
                updates += symmetric(module.activationSize());
                decompositions += decomposition(module.activationSize());
            }
            updates += symmetric(module.outputs());
            decompositions += decomposition(module.outputs());
        }
        long sums = plan.covariancePasses().stream()
                .mapToLong(CovarianceAccumulator::byteSize)
                .max()
                .orElse(0);
        lines.add(line(
                "covariance",
                "passes: " + count(plan.covariancePasses().size()) + ", " + bytes(sums) + "; a row "
                        + operations(passes + updates) + ": forward and backward " + operations(passes) + ", sums "
                        + operations(updates)));
        long covariances = groups.size() + (long) plan.modules().size();
        lines.add(line("eigenbasis", count(covariances) + " covariances, " + operations(decompositions) + " in all"));
    }

    private void lambda(List<String> lines, long passes) {
        long rotations = 0;
        long gradients = 0;
        Set<String> groups = new HashSet<>();
        for (LinearModule module : plan.modules()) {
            if (groups.add(module.inputGroup())) {
                rotations += 2 * square(module.activationSize());
            }
            rotations += 2 * square(module.outputs());
            gradients += 2 * module.parameters();
        }
        rotations = plan.rotated() ? rotations : 0;
        lines.add(line(
                "lambda",
                "passes: " + count(plan.lambdaPasses().size()) + "; a row "
                        + operations(passes + rotations + gradients) + ": forward and backward " + operations(passes)
                        + ", rotations " + operations(rotations) + ", gradients " + operations(gradients)));
    }

    private static long symmetric(long n) {
        return n * (n + 1);
    }

    private static long square(long n) {
        return n * n;
    }

    private static double decomposition(double n) {
        return EIGENDECOMPOSITION * n * n * n;
    }
}
