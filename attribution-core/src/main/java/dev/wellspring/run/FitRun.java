package dev.wellspring.run;

import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.LabelSampler;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
        DecoderConfig config = DecoderConfig.read(checkpoint.config());
        int batchRows = batchRows(config);
        var sharding = new Sharding(
                batchRows, MemoryBudget.batchDocuments(batchRows), settings.shardTokens(), settings.maxDocuments());
        try (RunFolder folder = RunFolder.open(out, manifest(checkpoint, documents, sharding))) {
            if (folder.manifest().complete()) {
                context.progress().note(out + ": already complete, nothing to do");
                return folder.manifest();
            }
            try (Decoder decoder = Decoder.load(checkpoint, context.algebra(), settings.type(), batchRows)) {
                for (Stage stage : stages(decoder, documents, sharding, folder)) {
                    Stages.run(stage, context, folder);
                }
            }
            folder.record("skipped_documents", documents.skipped());
            folder.complete();
            return folder.manifest();
        }
    }

    /// The method, in order.
    private List<Stage> stages(Decoder decoder, DocumentSource documents, Sharding sharding, RunFolder folder) {
        Set<LinearModule> tracked = settings.modules().select(decoder.modules());
        List<LinearModule> modules = List.copyOf(tracked);
        long activations = Decoder.activationBytes(decoder.config(), settings.type(), sharding.batchRows());
        var pass = new DocumentPass(context, decoder, documents, sharding, labels());
        var plan = new FitPlan(modules, settings, sharding, activations);
        var files = new FactorFiles(folder.path());
        List<Stage> stages = new ArrayList<>();
        stages.add(new CoverageStage(context, decoder, documents, sharding, tracked, folder));
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

    private int batchRows(DecoderConfig config) {
        return settings.memory()
                .batchRows(settings.maxTokens() - 1, rows -> Decoder.activationBytes(config, settings.type(), rows));
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
        if (settings.labels() == LabelChoice.SAMPLED) {
            chosen.put("seed", Long.toString(settings.seed()));
        }
        return Manifest.of(KIND, context.version(), inputs, chosen);
    }

    /// The type factors are stored in.
    static DType stored(DType computed) {
        return computed == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }
}
