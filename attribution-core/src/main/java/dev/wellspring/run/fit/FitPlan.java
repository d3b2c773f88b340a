package dev.wellspring.run.fit;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.CovarianceAccumulator;
import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.DocumentSums;
import dev.wellspring.curvature.Eigenbasis;
import dev.wellspring.curvature.LambdaAccumulator;
import dev.wellspring.curvature.ModuleBases;
import dev.wellspring.influence.Coverage;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.Sharding;
import dev.wellspring.tensor.DType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which modules go through the documents together in each pass of `fit`, so that their sums fit into memory. Of the
/// batches that need the fewest passes the largest is taken.
///
/// @param modules the tracked ones
/// @param settings what the user asked for
/// @param sharding how documents are batched
/// @param activations what a batch takes in the decoder, in bytes
public record FitPlan(List<LinearModule> modules, FitSettings settings, Sharding sharding, long activations) {
    /// More passes than any plan has.
    private static final int NONE_FITS = Integer.MAX_VALUE;

    /// Plans from shapes alone.
    ///
    /// @throws RunRefusedException when a stage does not fit, not even with a single module
    public static FitPlan of(DecoderConfig config, FitSettings settings) {
        MemoryBudget memory = settings.memory();
        int longest = settings.maxTokens() - 1;
        int most = memory.batchRows(longest, rows -> memory.workingBytes(config, settings.type(), rows, longest));
        FitPlan best = of(config, settings, most);
        int fewest = best.passes(config);
        for (int rows : memory.smallerBatches(longest, most)) {
            FitPlan plan = of(config, settings, rows);
            int passes = plan.passes(config);
            if (passes < fewest || fewest == NONE_FITS) {
                best = plan;
                fewest = passes;
            }
        }
        best.requireMemory(config.modules());
        return best;
    }

    private static FitPlan of(DecoderConfig config, FitSettings settings, int batchRows) {
        var sharding = new Sharding(
                batchRows, MemoryBudget.batchDocuments(batchRows), settings.shardTokens(), settings.maxDocuments());
        long activations = settings.memory().workingBytes(config, settings.type(), batchRows, settings.maxTokens() - 1);
        return new FitPlan(List.copyOf(settings.modules().select(config.modules())), settings, sharding, activations);
    }

    /// How often documents go through the model for sums.
    public int passes() {
        return (settings.curvature().hasEigenbasis() ? covariancePasses().size() : 0)
                + (settings.curvature().hasLambda() ? lambdaPasses().size() : 0);
    }

    /// Whether the first pass over the documents keeps head gradients for the others. They are written and read while
    /// nothing else happens: that is little beside what a processor takes for the head, and may be more than what a
    /// device takes.
    public boolean keepsHeadGradients() {
        return settings.memory().place() == MemoryBudget.Place.PROCESS && passes() > 1;
    }

    /// What the run writes, at most, in bytes: covariances and eigenvectors, Λ, and as much again while it is done in
    /// several passes.
    public long fileBytes() {
        long lambda = modules.stream().mapToLong(LinearModule::parameters).sum() * DType.FLOAT64.byteSize();
        return 2 * (2 * CovarianceAccumulator.byteSize(modules, DType.FLOAT64) + lambda);
    }

    /// [#passes()], or [#NONE_FITS].
    private int passes(DecoderConfig config) {
        try {
            requireMemory(config.modules());
            return passes();
        } catch (RunRefusedException tooLarge) {
            return NONE_FITS;
        }
    }

    /// The passes for A and S.
    public List<List<LinearModule>> covariancePasses() {
        return settings.memory().passes("covariances", modules, kept(), this::covarianceBytes);
    }

    /// The passes for Λ.
    public List<List<LinearModule>> lambdaPasses() {
        return settings.memory().passes("Λ", modules, kept(), this::lambdaBytes);
    }

    /// What the eigendecompositions that run at the same time may take: no more than the covariances of a pass in
    /// FLOAT64, but enough for the largest.
    public long eigenbasisBytes() {
        long covariances = covariancePasses().stream()
                .mapToLong(group -> CovarianceAccumulator.byteSize(group, DType.FLOAT64))
                .max()
                .orElse(0);
        return Math.max(
                Eigenbasis.byteSize(widest()), Math.min(settings.memory().beside(kept()), covariances));
    }

    /// The name of a pass' state, which says what modules are in it: another `--memory` may cut them otherwise.
    String stateName(String stage, List<LinearModule> pass) {
        String first = stage + "-" + modules.indexOf(pass.getFirst());
        return pass.size() == modules.size() ? first : first + "+" + pass.size();
    }

    /// Checks that every stage fits, and names the one that needs most when not.
    ///
    /// @param all the linear maps of the model, tracked or not
    /// @throws RunRefusedException when one does not, not even with a single module
    private void requireMemory(List<LinearModule> all) {
        Map<String, Long> needs = new LinkedHashMap<>();
        needs.put("coverage sample", activations + Coverage.byteSize(all, capacity(), settings.type()));
        if (settings.curvature().hasEigenbasis()) {
            needs.put("covariances of one module", kept() + MemoryBudget.largestGroup(modules, this::covarianceBytes));
            needs.put("largest eigendecomposition", kept() + Eigenbasis.byteSize(widest()));
        }
        if (settings.curvature().hasLambda()) {
            needs.put("Λ of one module", kept() + MemoryBudget.largestGroup(modules, this::lambdaBytes));
        }
        Map.Entry<String, Long> most = Collections.max(needs.entrySet(), Map.Entry.comparingByValue());
        settings.memory().require(most.getKey(), most.getValue());
    }

    /// The largest batch.
    public BatchCapacity capacity() {
        return new BatchCapacity(sharding.batchRows(), sharding.batchDocuments());
    }

    /// Whether Λ is measured in the eigenbasis.
    public boolean rotated() {
        return settings.curvature() == CurvatureStrategy.EKFAC;
    }

    /// The type rows are rotated in, and factors are stored in.
    public DType factorType() {
        return settings.type().sumType();
    }

    /// What stays from stage to stage: activations, and the rows of a batch, widened to the type of the
    /// covariances, in a backend's scratch memory. Where nothing has to be widened, parts of sums take its place.
    public long kept() {
        if (!settings.curvature().hasEigenbasis() || settings.type() == DType.FLOAT64) {
            return activations;
        }
        return activations
                + sharding.batchRows()
                        * widest()
                        * DocumentSums.sumType(settings.type()).byteSize();
    }

    private long widest() {
        return modules.stream()
                .mapToLong(module -> Math.max(module.outputs(), module.activationSize()))
                .max()
                .orElse(0);
    }

    /// What the covariances of some modules take, in bytes.
    public long covarianceBytes(List<LinearModule> group) {
        return CovarianceAccumulator.byteSize(group, settings.type());
    }

    /// What the eigenvectors of some modules take while Λ is measured, in bytes.
    public long basesBytes(List<LinearModule> group) {
        return rotated() ? ModuleBases.byteSize(group, factorType()) : 0;
    }

    /// What Λ of some modules takes while it is measured, in bytes, without [#basesBytes].
    public long lambdaSumsBytes(List<LinearModule> group) {
        return LambdaAccumulator.byteSize(group, rotated(), capacity(), factorType(), productBytes());
    }

    /// What products of several documents may take together while Λ is measured, in bytes.
    public long productBytes() {
        return settings.memory().productBytes();
    }

    private long lambdaBytes(List<LinearModule> group) {
        return basesBytes(group) + lambdaSumsBytes(group);
    }
}
