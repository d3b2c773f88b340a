package dev.wellspring.run.fit;

import dev.wellspring.curvature.CovarianceAccumulator;
import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.FactorKind;
import dev.wellspring.curvature.FactorWriter;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import java.io.IOException;
import java.util.List;

/// Step 3 of the method, first half: A = Σ a aᵀ and S = Σ g gᵀ over the fitting documents.
final class CovarianceStage extends SummingStage<CovarianceAccumulator> {
    CovarianceStage(RunContext context, DocumentPass pass, FitPlan plan, FactorFiles files, RunFolder folder) {
        super(context, pass, plan, files, folder);
    }

    @Override
    public String name() {
        return "covariance";
    }

    @Override
    List<FactorKind> kinds() {
        return List.of(
                FactorKind.ACTIVATION_COVARIANCE,
                FactorKind.GRADIENT_COVARIANCE,
                FactorKind.ACTIVATION_COUNT,
                FactorKind.GRADIENT_COUNT);
    }

    @Override
    List<List<LinearModule>> passes() {
        return plan.covariancePasses();
    }

    @Override
    boolean isLast() {
        return !plan.settings().curvature().hasLambda();
    }

    @Override
    CovarianceAccumulator empty(List<LinearModule> modules) {
        return new CovarianceAccumulator(
                context.algebra(), modules, plan.settings().type());
    }

    @Override
    void open(LinearAlgebra device, List<LinearModule> modules, Use<CovarianceAccumulator> use) throws IOException {
        try (var sums =
                new CovarianceAccumulator(device, modules, plan.settings().type())) {
            use.with(sums);
        }
    }

    @Override
    void merge(CovarianceAccumulator first, CovarianceAccumulator other) {
        first.add(other);
    }

    @Override
    FactorWriter writer() throws IOException {
        return FactorWriter.covariances(context.algebra(), files, plan.modules(), plan.factorType());
    }

    @Override
    void put(FactorWriter writer, CovarianceAccumulator sums) throws IOException {
        writer.put(sums);
    }
}
