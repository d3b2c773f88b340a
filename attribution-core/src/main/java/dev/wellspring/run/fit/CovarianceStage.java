package dev.wellspring.run.fit;

import dev.wellspring.curvature.CovarianceAccumulator;
import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.FactorKind;
import dev.wellspring.curvature.FactorWriter;
import dev.wellspring.model.GradientTap;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;

/// Step 3 of the method, first half: A = Σ a aᵀ and S = Σ g gᵀ over the fitting documents.
final class CovarianceStage implements Stage {
    private static final List<FactorKind> WRITTEN = List.of(
            FactorKind.ACTIVATION_COVARIANCE,
            FactorKind.GRADIENT_COVARIANCE,
            FactorKind.ACTIVATION_COUNT,
            FactorKind.GRADIENT_COUNT);

    private final RunContext context;
    private final DocumentPass pass;
    private final FitPlan plan;
    private final FactorFiles files;
    private final RunFolder folder;

    CovarianceStage(RunContext context, DocumentPass pass, FitPlan plan, FactorFiles files, RunFolder folder) {
        this.context = context;
        this.pass = pass;
        this.plan = plan;
        this.files = files;
        this.folder = folder;
    }

    @Override
    public String name() {
        return "covariance";
    }

    @Override
    public boolean isComplete() {
        return WRITTEN.stream().allMatch(kind -> Files.exists(files.file(kind)));
    }

    @Override
    public void run() {
        List<List<LinearModule>> passes = plan.covariancePasses();
        for (int i = 0; i < passes.size(); i++) {
            CommittedState state = state(passes.get(i));
            if (!state.isWhole()) {
                pass.start(name(), i, passes.size());
                accumulate(state, passes.get(i));
            }
        }
        write(passes);
    }

    private CommittedState state(List<LinearModule> pass) {
        return new CommittedState(folder, plan.stateName(name(), pass));
    }

    private void accumulate(CommittedState state, List<LinearModule> modules) {
        try (var sums = new CovarianceAccumulator(context.algebra(), modules)) {
            pass.run(name(), state, new LinkedHashSet<>(modules), new KeptSums(sums));
        }
    }

    /// Gathers what the passes left into the files of the layout, one pass in memory at a time.
    private void write(List<List<LinearModule>> passes) {
        try (var writer = FactorWriter.covariances(context.algebra(), files, plan.modules(), plan.factorType())) {
            for (List<LinearModule> modules : passes) {
                try (var sums = new CovarianceAccumulator(context.algebra(), modules)) {
                    sums.restore(state(modules).whole());
                    writer.put(sums);
                }
            }
            writer.finish();
        } catch (IOException failure) {
            throw new UncheckedIOException(name() + ": " + failure.getMessage(), failure);
        }
    }

    private record KeptSums(CovarianceAccumulator sums) implements DocumentPass.Sums {
        @Override
        public GradientTap tap() {
            return sums;
        }

        @Override
        public void save(Path file) throws IOException {
            sums.save(file);
        }

        @Override
        public void restore(Path file) throws IOException {
            sums.restore(file);
        }
    }
}
