package dev.wellspring.run.fit;

import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.FactorKind;
import dev.wellspring.curvature.FactorWriter;
import dev.wellspring.curvature.LambdaAccumulator;
import dev.wellspring.curvature.ModuleBases;
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

/// Step 4 of the method: Λ, the mean over sequences of (Q_Sᵀ G_i Q_A)².
final class LambdaStage implements Stage {
    private final RunContext context;
    private final DocumentPass pass;
    private final FitPlan plan;
    private final FactorFiles files;
    private final RunFolder folder;

    LambdaStage(RunContext context, DocumentPass pass, FitPlan plan, FactorFiles files, RunFolder folder) {
        this.context = context;
        this.pass = pass;
        this.plan = plan;
        this.files = files;
        this.folder = folder;
    }

    @Override
    public String name() {
        return "lambda";
    }

    @Override
    public boolean isComplete() {
        return Files.exists(files.file(FactorKind.LAMBDA_MATRIX)) && Files.exists(files.file(FactorKind.LAMBDA_COUNT));
    }

    @Override
    public void run() {
        List<List<LinearModule>> passes = plan.lambdaPasses();
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
        if (!plan.rotated()) {
            try (var sums = inParameterBasis(modules)) {
                pass.run(name(), state, new LinkedHashSet<>(modules), new KeptSums(sums));
            }
            return;
        }
        try (var bases = ModuleBases.load(context.algebra(), files, modules, plan.factorType());
                var sums = LambdaAccumulator.inEigenbasis(
                        context.algebra(), modules, bases, plan.capacity(), plan.factorType())) {
            pass.run(name(), state, new LinkedHashSet<>(modules), new KeptSums(sums));
        } catch (IOException failure) {
            throw new UncheckedIOException(name() + ": " + failure.getMessage(), failure);
        }
    }

    /// Gathers what the passes left into the files of the layout, one pass in memory at a time.
    private void write(List<List<LinearModule>> passes) {
        try (var writer = FactorWriter.lambda(context.algebra(), files, plan.modules(), plan.factorType())) {
            for (List<LinearModule> modules : passes) {
                try (var sums = inParameterBasis(modules)) {
                    sums.restore(state(modules).whole());
                    writer.put(sums);
                }
            }
            writer.finish();
        } catch (IOException failure) {
            throw new UncheckedIOException(name() + ": " + failure.getMessage(), failure);
        }
    }

    private LambdaAccumulator inParameterBasis(List<LinearModule> modules) {
        return LambdaAccumulator.inParameterBasis(context.algebra(), modules, plan.capacity(), plan.factorType());
    }

    private record KeptSums(LambdaAccumulator sums) implements DocumentPass.Sums {
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
