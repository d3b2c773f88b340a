package dev.wellspring.run.fit;

import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.LabelSampler;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.Replicas;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stage;
import dev.wellspring.run.Stages;
import dev.wellspring.run.documents.DocumentSample;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.documents.Sharding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Fits the curvature of a checkpoint on documents: coverage, covariances, eigenbases, Λ. Each is a [Stage] that
/// writes its files into one folder, in kronfluence's layout.
public final class FitRun {
    /// The word in the manifest for what the folder holds.
    public static final String KIND = "factors";

    private final RunContext context;
    private final FitSettings settings;

    public FitRun(RunContext context, FitSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /// Does what is left to do, and returns the folder's manifest.
    ///
    /// @throws RunRefusedException when the folder holds another run
    /// @throws CancelledException when the user asked to stop
    public Manifest run(Checkpoint checkpoint, DocumentSource documents, Path out) throws IOException {
        FitPlan plan = FitPlan.of(DecoderConfig.read(checkpoint.config()), settings);
        try (RunFolder folder = RunFolder.open(out, manifest(checkpoint, documents, plan.sharding()))) {
            if (folder.manifest().complete()) {
                context.progress().note(out + ": already complete, nothing to do");
                return folder.manifest();
            }
            try (Replicas replicas = context.loadOnAll(
                            checkpoint, settings.type(), plan.sharding().batchRows());
                    var kept = new KeptHeadGradients(
                            folder.resolve("partial").resolve("head-gradients"),
                            plan.fileBytes(),
                            context.progress())) {
                for (Stage stage : stages(replicas, documents, plan, folder, kept)) {
                    Stages.run(stage, context, folder);
                }
            }
            folder.complete();
            return folder.manifest();
        }
    }

    /// What a run is going to do, a line each: batches, passes, memory and operations. Computes nothing.
    public List<String> explain(Checkpoint checkpoint, DocumentSource documents) throws IOException {
        DecoderConfig config = DecoderConfig.read(checkpoint.config());
        return new FitExplanation(FitPlan.of(config, settings), config, DocumentSample.rows(documents)).lines();
    }

    /// The method, in order.
    private List<Stage> stages(
            Replicas replicas, DocumentSource documents, FitPlan plan, RunFolder folder, KeptHeadGradients kept) {
        Sharding sharding = plan.sharding();
        Set<LinearModule> tracked = new LinkedHashSet<>(plan.modules());
        boolean keeps = plan.keepsHeadGradients() && context.algebra().device().isEmpty();
        var pass = new DocumentPass(
                context, replicas, documents, sharding, labels(), keeps ? Optional.of(kept) : Optional.empty());
        var files = new FactorFiles(folder.path());
        List<Stage> stages = new ArrayList<>();
        stages.add(new CoverageStage(context, replicas.first(), documents, sharding, tracked, folder));
        if (settings.curvature().hasEigenbasis()) {
            stages.add(new CovarianceStage(context, pass, plan, files, folder));
            stages.add(new EigenbasisStage(context, plan, files));
        }
        if (settings.curvature().hasLambda()) {
            stages.add(new LambdaStage(context, pass, plan, files, folder));
        }
        return stages;
    }

    private Optional<LabelSampler> labels() {
        return switch (settings.labels()) {
            case SAMPLED -> Optional.of(new LabelSampler(settings.seed()));
            case OWN -> Optional.empty();
        };
    }

    private Manifest manifest(Checkpoint checkpoint, DocumentSource documents, Sharding sharding) throws IOException {
        Map<String, String> inputs = new TreeMap<>();
        inputs.put("model", checkpoint.digest());
        inputs.put("documents", documents.digest());
        Map<String, String> chosen = new TreeMap<>();
        chosen.put("curvature", settings.curvature().word());
        chosen.put("labels", settings.labels().word());
        chosen.put("modules", settings.modules().text());
        chosen.put("fit-documents", settings.maxDocuments() < 0 ? "all" : Long.toString(settings.maxDocuments()));
        chosen.put("max-tokens", Integer.toString(settings.maxTokens()));
        chosen.put("dtype", settings.type().name().toLowerCase(Locale.ROOT));
        chosen.put("backend", context.algebra().name());
        chosen.put("batch-rows", Integer.toString(sharding.batchRows()));
        chosen.put("shard-tokens", Long.toString(sharding.shardTokens()));
        if (context.devices().size() > 1) { // which rows are added up first decides the last digits
            chosen.put("devices", Integer.toString(context.devices().size()));
        }
        if (settings.labels() == LabelChoice.SAMPLED) {
            chosen.put("seed", Long.toString(settings.seed()));
        }
        return Manifest.of(KIND, context.version(), inputs, chosen);
    }
}
