package dev.wellspring.run.index;

import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.gradient.BasisFile;
import dev.wellspring.gradient.StoredModule;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Chooses the coordinates of a store: which directions of each module, and how they are whitened and projected.
final class BasisStage implements Stage {
    /// The finding that lists the stored modules.
    static final String MODULES = "modules";

    /// The finding that says what is in the file of coordinates.
    static final String DIGEST = "basis";

    private final RunContext context;
    private final FactorFiles factors;
    private final List<LinearModule> modules;
    private final IndexSettings settings;
    private final RunFolder folder;

    BasisStage(
            RunContext context,
            FactorFiles factors,
            List<LinearModule> modules,
            IndexSettings settings,
            RunFolder folder) {
        this.context = context;
        this.factors = factors;
        this.modules = modules;
        this.settings = settings;
        this.folder = folder;
    }

    @Override
    public String name() {
        return "basis";
    }

    @Override
    public boolean isComplete() {
        return folder.manifest().results().containsKey(MODULES);
    }

    @Override
    public void run() {
        context.progress().start(name(), modules.size(), "modules");
        try {
            var basis = new BasisFile(folder.resolve(BasisFile.NAME));
            List<BasisFile.Kept> kept = basis.write(
                    context.algebra(),
                    factors,
                    modules,
                    settings.compression(),
                    settings.seed(),
                    settings.type().sumType());
            context.progress().advance(modules.size(), 0);
            context.progress().note(summary(kept));
            folder.record(DIGEST, basis.digest());
            folder.record(MODULES, kept.stream().map(BasisStage::entry).toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(name() + ": " + failure.getMessage(), failure);
        }
    }

    private String summary(List<BasisFile.Kept> kept) {
        long values = kept.stream().mapToLong(one -> one.module().values()).sum();
        double energy =
                kept.stream().mapToDouble(BasisFile.Kept::energy).average().orElse(1);
        double variance = kept.stream()
                .mapToDouble(BasisFile.Kept::scoreVariance)
                .average()
                .orElse(1);
        return String.format(
                Locale.ROOT,
                "basis: %s keeps %d numbers of a document in %d modules; directions hold %.1f %% of the gradients' energy"
                        + " and %.1f %% of the scores' variance, on average over modules",
                settings.compression(),
                values,
                kept.size(),
                100 * energy,
                100 * variance);
    }

    private static Map<String, Object> entry(BasisFile.Kept kept) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", kept.module().name());
        entry.put("gradient_directions", kept.module().gradientDirections());
        entry.put("activation_directions", kept.module().activationDirections());
        entry.put("rank", kept.module().rank());
        entry.put("energy", kept.energy());
        entry.put("score_variance", kept.scoreVariance());
        return entry;
    }

    /// What the finding says is stored of each module, in order.
    ///
    /// @throws RunRefusedException when it says something else
    static List<StoredModule> stored(RunFolder folder) {
        List<StoredModule> stored = new ArrayList<>();
        if (folder.manifest().results().get(MODULES) instanceof List<?> entries) {
            for (Object entry : entries) {
                if (entry instanceof Map<?, ?> fields) {
                    stored.add(new StoredModule(
                            String.valueOf(fields.get("name")),
                            number(fields, "gradient_directions"),
                            number(fields, "activation_directions"),
                            number(fields, "rank")));
                }
            }
        }
        if (stored.isEmpty()) {
            throw new RunRefusedException(
                    folder.path() + ": expected a list of stored modules in the manifest, found none; index again");
        }
        return stored;
    }

    private static int number(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof Number number ? number.intValue() : -1;
    }
}
