package dev.wellspring.run.fit;

import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.FactorKind;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Step 3 of the method, second half: the eigendecompositions of A and S, in float64.
final class EigenbasisStage implements Stage {
    private static final List<FactorKind> WRITTEN = List.of(
            FactorKind.ACTIVATION_EIGENVECTORS,
            FactorKind.ACTIVATION_EIGENVALUES,
            FactorKind.GRADIENT_EIGENVECTORS,
            FactorKind.GRADIENT_EIGENVALUES);

    private final RunContext context;
    private final FitPlan plan;
    private final FactorFiles files;

    EigenbasisStage(RunContext context, FitPlan plan, FactorFiles files) {
        this.context = context;
        this.plan = plan;
        this.files = files;
    }

    @Override
    public String name() {
        return "eigenbasis";
    }

    @Override
    public boolean isComplete() {
        return WRITTEN.stream().allMatch(kind -> Files.exists(files.file(kind)));
    }

    @Override
    public void run() {
        context.progress().start(name(), FactorFiles.covarianceCount(plan.modules()), "covariances");
        try {
            var decomposed = new AtomicInteger();
            files.writeEigenbases(
                    context.algebra(), plan.modules(), plan.factorType(), plan.eigenbasisBytes(), count -> {
                        context.progress().advance(count - decomposed.getAndSet(count), 0);
                        context.cancellation().check("the covariances");
                    });
        } catch (IOException failure) {
            throw new UncheckedIOException(name() + ": " + failure.getMessage(), failure);
        }
    }
}
