package dev.wellspring.run.fit;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.influence.Coverage;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stage;
import dev.wellspring.run.documents.Batch;
import dev.wellspring.run.documents.BatchReader;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.documents.Sharding;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What the choice of modules leaves out: parameters, and the share of the squared gradient norm on the first
/// documents, with their own labels.
final class CoverageStage implements Stage {
    /// The name of the finding in the manifest.
    static final String FINDING = "coverage";

    /// Enough for a share that is told in tenths of a percent, and few beside what follows.
    private static final int SAMPLE_ROWS = 512;

    private final RunContext context;
    private final Decoder decoder;
    private final DocumentSource documents;
    private final Sharding sharding;
    private final Set<LinearModule> tracked;
    private final RunFolder folder;

    CoverageStage(
            RunContext context,
            Decoder decoder,
            DocumentSource documents,
            Sharding sharding,
            Set<LinearModule> tracked,
            RunFolder folder) {
        this.context = context;
        this.decoder = decoder;
        this.documents = documents;
        this.sharding = sharding;
        this.tracked = tracked;
        this.folder = folder;
    }

    @Override
    public String name() {
        return FINDING;
    }

    @Override
    public boolean isComplete() {
        return folder.manifest().results().containsKey(FINDING);
    }

    @Override
    public void run() {
        context.progress().start(name(), 1, "batches");
        var capacity = new BatchCapacity(sharding.batchRows(), sharding.batchDocuments());
        try (var reader = new BatchReader(documents, sharding, 0, 0);
                var coverage = new Coverage(context.algebra(), decoder.modules(), capacity, decoder.type())) {
            Batch batch = reader.next();
            if (batch == null) {
                throw new RunRefusedException(
                        "--documents: expected at least one document of two tokens or more, found none");
            }
            Batch sample = batch.upTo(SAMPLE_ROWS);
            decoder.gradients(sample.pack(), null, new LinkedHashSet<>(decoder.modules()), coverage);
            record(
                    coverage.summary(tracked, decoder.parameters()),
                    sample.chunks().size());
        }
    }

    private void record(Coverage.Summary summary, int sample) {
        context.progress().note(sentence(summary, sample));
        Map<String, Object> finding = new TreeMap<>();
        finding.put("sample_documents", sample);
        finding.put("tracked_modules", tracked.size());
        finding.put("linear_modules", summary.shares().size());
        finding.put("tracked_parameters", summary.trackedParameters());
        finding.put("untracked_linear_parameters", summary.untrackedParameters());
        finding.put("other_parameters", summary.otherParameters());
        finding.put("tracked_share_of_squared_gradient_norm", summary.trackedShare());
        Map<String, Double> shares = new TreeMap<>();
        summary.shares().forEach(share -> shares.put(share.module().name(), share.share()));
        finding.put("share_of_squared_gradient_norm", shares);
        folder.record(FINDING, finding);
    }

    private String sentence(Coverage.Summary summary, int sample) {
        long all = summary.trackedParameters() + summary.untrackedParameters() + summary.otherParameters();
        return String.format(
                Locale.ROOT,
                "coverage: %d of %d linear maps tracked, %,d of %,d parameters (%.1f %%), with %.1f %% of the squared"
                        + " gradient norm of all linear maps (on %d documents); not seen: %,d parameters of other linear"
                        + " maps, %,d of embeddings, norms and the language-model head",
                tracked.size(),
                summary.shares().size(),
                summary.trackedParameters(),
                all,
                100.0 * summary.trackedParameters() / all,
                100 * summary.trackedShare(),
                sample,
                summary.untrackedParameters(),
                summary.otherParameters());
    }
}
