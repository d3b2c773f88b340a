package dev.wellspring.run.fit;

import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.FactorKind;
import dev.wellspring.curvature.FactorWriter;
import dev.wellspring.curvature.LambdaAccumulator;
import dev.wellspring.curvature.ModuleBases;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.util.List;

/// Step 4 of the method: Λ, the mean over sequences of (Q_Sᵀ G_i Q_A)².
final class LambdaStage extends SummingStage<LambdaAccumulator> {
    LambdaStage(RunContext context, DocumentPass pass, FitPlan plan, FactorFiles files, RunFolder folder) {
        super(context, pass, plan, files, folder);
    }

    @Override
    public String name() {
        return "lambda";
    }

    @Override
    List<FactorKind> kinds() {
        return List.of(FactorKind.LAMBDA_MATRIX, FactorKind.LAMBDA_COUNT);
    }

    @Override
    List<List<LinearModule>> passes() {
        return plan.lambdaPasses();
    }

    @Override
    boolean isLast() {
        return true;
    }

    /// Only to be read, so the basis does not matter.
    @Override
    LambdaAccumulator empty(List<LinearModule> modules) {
        return LambdaAccumulator.inParameterBasis(context.algebra(), modules, plan.capacity(), plan.factorType());
    }

    @Override
    void open(LinearAlgebra device, List<LinearModule> modules, Use<LambdaAccumulator> use) throws IOException {
        if (!plan.rotated()) {
            try (var sums = LambdaAccumulator.inParameterBasis(
                    device, modules, plan.capacity(), plan.factorType(), plan.productBytes())) {
                use.with(sums);
            }
            return;
        }
        DType type = device.operandType(plan.settings().type());
        try (var bases = ModuleBases.load(device, files, modules, type);
                var sums = LambdaAccumulator.inEigenbasis(
                        device, modules, bases, plan.capacity(), type, plan.productBytes())) {
            use.with(sums);
        }
    }

    @Override
    void merge(LambdaAccumulator first, LambdaAccumulator other) {
        first.add(other);
    }

    @Override
    FactorWriter writer() throws IOException {
        return FactorWriter.lambda(context.algebra(), files, plan.modules(), plan.factorType());
    }

    @Override
    void put(FactorWriter writer, LambdaAccumulator sums) throws IOException {
        writer.put(sums);
    }
}
